package dev.agentruntime.invocation;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eclipse.jetty.io.Content;

/** Reads the beginning of an agent's error answer and says in its own words what went wrong. */
final class FaultReader {

    private static final int MAX_BYTES = 4096;

    private final Content.Source source;
    private final Consumer<String> done;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    /** @param done told once, with the agent's message; on any thread */
    FaultReader(Content.Source source, Consumer<String> done) {
        this.source = source;
        this.done = done;
    }

    void read() {
        while (true) {
            Content.Chunk chunk = source.read();
            if (chunk == null) {
                source.demand(this::read);
                return;
            }
            boolean enough = chunk.isLast() || Content.Chunk.isFailure(chunk);
            if (!Content.Chunk.isFailure(chunk)) {
                byte[] bytes = new byte[Math.min(chunk.remaining(), MAX_BYTES - body.size())];
                chunk.getByteBuffer().get(bytes);
                body.writeBytes(bytes);
                chunk.release();
            }
            if (enough || body.size() == MAX_BYTES) {
                done.accept(message(body.toString(StandardCharsets.UTF_8)));
                return;
            }
        }
    }

    /** The text under {@code error} or {@code message} where {@code body} is a JSON object with one, else the body itself. */
    static String message(String body) {
        try (JsonReader reader = Json.createReader(new StringReader(body))) {
            if (reader.readValue() instanceof JsonObject json) {
                return named(json).orElse(body);
            }
            return body;
        } catch (JsonException notJson) {
            return body;
        }
    }

    private static Optional<String> named(JsonObject json) {
        return Stream.of("error", "message")
                .map(json::get)
                .filter(JsonString.class::isInstance)
                .map(text -> ((JsonString) text).getString())
                .findFirst();
    }
}
