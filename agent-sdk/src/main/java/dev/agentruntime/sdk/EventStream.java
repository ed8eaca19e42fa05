package dev.agentruntime.sdk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** Server-sent events on a response, each sent before the next is asked for. For one thread at a time. */
final class EventStream {

    private final OutputStream out;
    private final Json json;

    EventStream(OutputStream out, Json json) {
        this.out = out;
        this.json = json;
    }

    /**
     * Sends the item as one event.
     *
     * @throws IOException      the client is gone
     * @throws RuntimeException the item cannot be written as JSON; nothing of it was sent
     */
    void send(Object item) throws IOException {
        write(json.write(item));
    }

    /** Sends the failure as the last event. */
    void sendFailure(Throwable failure) throws IOException {
        write(Errors.lastItem(failure));
    }

    /** One event; JSON of several lines becomes several {@code data} lines of the same event. */
    static String frame(String json) {
        return "data: " + json.lines().collect(Collectors.joining("\ndata: ")) + "\n\n";
    }

    private void write(String text) throws IOException {
        out.write(frame(text).getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
