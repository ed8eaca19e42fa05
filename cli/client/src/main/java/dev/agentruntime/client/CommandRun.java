package dev.agentruntime.client;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;
import software.amazon.eventstream.MessageDecoder;

/** A command that runs in a session's VM. Closed before its end, the command is ended. For one thread. */
public final class CommandRun implements AutoCloseable {

    private final Transport.Opened opened;
    private final Deque<CommandEvent> events = new ArrayDeque<>();
    private final MessageDecoder decoder = new MessageDecoder(this::take);
    private boolean ended;

    CommandRun(Transport.Opened opened) {
        this.opened = opened;
    }

    /** In which it runs, also where the call named none. */
    public String session() {
        return opened.header(AgentRuntimeClient.SESSION);
    }

    /** Whether the session was there before: {@code continued}; {@code new} or {@code renewed} where it began for the command. */
    public String sessionState() {
        return opened.header(AgentRuntimeClient.SESSION_STATE);
    }

    /**
     * Waits for what comes next; empty after {@link CommandEvent.Ended}.
     *
     * @throws BrokenOffException the answer ended before the command did, or the server says why the command was ended
     */
    public Optional<CommandEvent> next() {
        byte[] chunk = new byte[16 << 10];
        while (events.isEmpty()) {
            if (ended) {
                return Optional.empty();
            }
            feed(chunk);
        }
        CommandEvent next = events.remove();
        ended |= next instanceof CommandEvent.Ended;
        return Optional.of(next);
    }

    private void feed(byte[] chunk) {
        int read;
        try {
            read = opened.body().read(chunk, 0, chunk.length);
        } catch (IOException e) {
            throw new BrokenOffException("The command's output broke off: " + e.getMessage(), e);
        }
        if (read < 0) {
            throw new BrokenOffException("The command's output broke off: the server closed the connection");
        }
        try {
            decoder.feed(chunk, 0, read);
        } catch (BrokenOffException said) {
            throw said;
        } catch (RuntimeException e) {
            throw new UnexpectedAnswerException("The server's answer is no event stream: " + e.getMessage(), e);
        }
    }

    private void take(Message message) {
        JsonObject json = json(message.getPayload());
        if (text(message, ":message-type").equals("exception")) {
            throw new BrokenOffException(json.getString("message", text(message, ":exception-type")));
        }
        if (json.get("contentDelta") instanceof JsonObject delta) {
            if (delta.containsKey("stdout")) {
                events.add(new CommandEvent.Output(delta.getString("stdout")));
            }
            if (delta.containsKey("stderr")) {
                events.add(new CommandEvent.Errors(delta.getString("stderr")));
            }
        }
        if (json.get("contentStop") instanceof JsonObject stop) {
            events.add(new CommandEvent.Ended(stop.getInt("exitCode"), stop.getString("status", "").equals("TIMED_OUT")));
        }
    }

    private static String text(Message message, String header) {
        HeaderValue value = message.getHeaders().get(header);
        return value == null ? "" : value.getString();
    }

    private static JsonObject json(byte[] payload) {
        try (JsonReader reader = Json.createReader(new ByteArrayInputStream(payload))) {
            return reader.readObject();
        }
    }

    @Override
    public void close() {
        opened.close();
    }
}
