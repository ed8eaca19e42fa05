package dev.agentruntime.client;

import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Something that a memory knows.
 *
 * @param json all that the server says of it
 */
public record MemoryRecord(JsonObject json) {

    public String id() {
        return json.getString("memoryRecordId", "");
    }

    public String text() {
        return json.get("content") instanceof JsonObject content ? content.getString("text", "") : "";
    }

    /** One at most. */
    public List<String> namespaces() {
        return Members.texts(json, "namespaces");
    }

    /** When it was so, as whoever wrote it says. */
    public Optional<Instant> time() {
        return Members.time(json, "createdAt");
    }
}
