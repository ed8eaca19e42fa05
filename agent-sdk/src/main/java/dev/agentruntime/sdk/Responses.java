package dev.agentruntime.sdk;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

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

    /** Copies as the stream gives, so that a slow stream is seen while it runs; closes it. */
    static void bytes(HttpServletResponse response, InputStream body) throws IOException {
        response.setContentType("application/octet-stream");
        try (body) {
            OutputStream out = response.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                out.write(buffer, 0, n);
                if (body.available() == 0) {
                    out.flush();
                }
            }
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
