package dev.agentruntime.client;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.util.Optional;

/** Follows a session's log. To be closed. For one thread. */
public final class LogReader implements AutoCloseable {

    private final EventReader events;

    LogReader(EventReader events) {
        this.events = events;
    }

    /**
     * Waits for the next line; empty when the session has ended and there is no more.
     *
     * @throws BrokenOffException the connection ended before the session did
     */
    public Optional<LogLine> next() {
        for (Optional<ServerEvent> next = events.next(); next.isPresent(); next = events.next()) {
            ServerEvent event = next.get();
            switch (event.event()) {
                case "end" -> {
                    return Optional.empty();
                }
                case "error" -> throw new BrokenOffException(json(event.data()).getString("message", "The log broke off"));
                case "message" -> {
                    return Optional.of(new LogLine(json(event.data())));
                }
                default -> { } // of a newer server
            }
        }
        throw new BrokenOffException("The log broke off: the server closed the connection");
    }

    private static JsonObject json(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        } catch (RuntimeException e) {
            throw new UnexpectedAnswerException("The server sent a line of a log that is no JSON object", e);
        }
    }

    @Override
    public void close() {
        events.close();
    }
}
