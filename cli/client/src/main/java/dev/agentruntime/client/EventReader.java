package dev.agentruntime.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads server-sent events as they come. For one thread. */
public final class EventReader implements AutoCloseable {

    /** Of one event. */
    static final int MOST_BYTES = 16 << 20;

    private final InputStream in;
    private boolean afterReturn;
    private boolean first = true;

    EventReader(InputStream body) {
        this.in = new BufferedInputStream(body, 8 << 10);
    }

    /**
     * Waits for the next event; empty at the stream's end. An event that the stream ends in the middle of is none.
     *
     * @throws BrokenOffException the stream broke off, or an event is larger than 16 MiB
     */
    public Optional<ServerEvent> next() {
        String id = "";
        String event = "message";
        StringBuilder data = new StringBuilder();
        boolean any = false;
        try {
            for (Optional<String> line = line(); line.isPresent(); line = line()) {
                String text = line.get();
                if (text.isEmpty()) {
                    if (any) {
                        return Optional.of(new ServerEvent(id, event, data.toString()));
                    }
                    id = "";
                    event = "message";
                    continue;
                }
                int colon = text.indexOf(':');
                String field = colon < 0 ? text : text.substring(0, colon);
                String value = colon < 0 ? "" : text.substring(colon + 1);
                value = value.startsWith(" ") ? value.substring(1) : value;
                switch (field) {
                    case "id" -> id = value;
                    case "event" -> event = value;
                    case "data" -> {
                        data.append(any ? "\n" : "").append(value);
                        any = true;
                        if (data.length() > MOST_BYTES) {
                            throw new IOException("an event is larger than " + MOST_BYTES + " bytes");
                        }
                    }
                    default -> { } // comments, and what the format does not know
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new BrokenOffException("The stream broke off: " + e.getMessage(), e);
        }
    }

    /** Ended by LF, CR, or both; empty at the end of the stream. */
    private Optional<String> line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n' && afterReturn) {
                afterReturn = false;
                continue;
            }
            afterReturn = next == '\r';
            if (next == '\n' || next == '\r') {
                return Optional.of(text(line));
            }
            line.write(next);
            if (line.size() > MOST_BYTES) {
                throw new IOException("a line is longer than " + MOST_BYTES + " bytes");
            }
        }
        return Optional.empty();
    }

    private String text(ByteArrayOutputStream line) {
        String text = line.toString(StandardCharsets.UTF_8);
        boolean mark = first && text.startsWith("\uFEFF");
        first = false;
        return mark ? text.substring(1) : text;
    }

    /** Ends the connection. */
    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            // Nothing of it is wanted any more.
        }
    }
}
