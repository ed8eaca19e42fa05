package dev.agentruntime.sdk;

import jakarta.servlet.http.HttpServletResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;

/** Answers that are written at once. */
final class Responses {

    private Responses() {
    }

    static void json(HttpServletResponse response, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    static void bytes(HttpServletResponse response, byte[] body) throws IOException {
        response.setContentType("application/octet-stream");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /**
     * Copies as the stream gives, so that a slow stream is seen while it runs; closes it.
     *
     * @throws IOException         the client is gone
     * @throws CompletionException the stream cannot be read to its end; its cause says why
     */
    static void bytes(HttpServletResponse response, InputStream body) throws IOException {
        response.setContentType("application/octet-stream");
        try (InputStream source = new Source(body)) {
            OutputStream out = response.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int n = source.read(buffer); n >= 0; n = source.read(buffer)) {
                out.write(buffer, 0, n);
                if (source.available() == 0) {
                    out.flush();
                }
            }
        }
    }

    /** A stream of the agent's, of which every failure is the agent's and no sign that the client is gone. */
    private static final class Source extends FilterInputStream {

        private interface Step {
            int run() throws IOException;
        }

        Source(InputStream in) {
            super(in);
        }

        private static int step(Step step) {
            try {
                return step.run();
            } catch (IOException | RuntimeException | Error e) {
                throw new CompletionException(e);
            }
        }

        @Override
        public int read() {
            return step(super::read);
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            return step(() -> super.read(target, offset, length));
        }

        @Override
        public int available() {
            return step(super::available);
        }

        @Override
        public void close() {
            step(() -> {
                super.close();
                return 0;
            });
        }
    }

    /** Makes the response a stream of events and sends its head. Open Liberty wants that done before it goes asynchronous. */
    static void startEvents(HttpServletResponse response) throws IOException {
        response.setContentType("text/event-stream");
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("X-Accel-Buffering", "no");
        response.flushBuffer();
    }
}
