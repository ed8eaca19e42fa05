package dev.agentruntime.client;

import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * A session that a memory has something of.
 *
 * @param json all that the server says of it
 */
public record MemorySession(JsonObject json) {

    public String id() {
        return json.getString("sessionId", "");
    }

    public Optional<Instant> createdAt() {
        return Members.time(json, "createdAt");
    }
}
