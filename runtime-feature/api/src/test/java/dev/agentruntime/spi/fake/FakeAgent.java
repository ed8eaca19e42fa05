package dev.agentruntime.spi.fake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What answers in a fake guest. May block. */
@FunctionalInterface
public interface FakeAgent {

    /** Header names are in lower case. */
    record Request(String method, String path, Map<String, String> headers, byte[] body) {

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** Writes an answer. */
    interface Response {

        /** Answers at once, with a Content-Length. */
        void send(int status, Map<String, String> headers, byte[] body) throws IOException;

        /** Begins a chunked answer. */
        Chunks begin(int status, Map<String, String> headers) throws IOException;
    }

    /** The body of a chunked answer; closing it ends the answer. */
    interface Chunks extends AutoCloseable {

        /** Sends one chunk at once; blocks while the host does not read. */
        void send(String text) throws IOException;

        @Override
        void close() throws IOException;
    }

    void answer(Request request, Response response) throws IOException;

    /** Sends back what it is sent. */
    static FakeAgent echo() {
        return (request, response) -> response.send(
                200, Map.of("Content-Type", request.headers().getOrDefault("content-type", "text/plain")), request.body());
    }

    /** Sends events, each as it comes out of {@code events}. */
    static FakeAgent events(List<String> events) {
        return (request, response) -> {
            try (Chunks chunks = response.begin(200, Map.of("Content-Type", "text/event-stream"))) {
                for (String event : events) {
                    chunks.send("data: " + event + "\n\n");
                }
            }
        };
    }
}
