package dev.agentruntime.client;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A memory. A list has its id, ARN, status and times only.
 *
 * @param json all that the server says of it
 */
public record MemoryInfo(JsonObject json) {

    public String id() {
        return json.getString("id", "");
    }

    /** Whatever begins its id: ids are {@code NAME-…}, and names have no hyphen. */
    public String name() {
        return json.getString("name", id().replaceFirst("-.*$", ""));
    }

    /** {@code ACTIVE} or {@code DELETING}. */
    public String status() {
        return json.getString("status", "");
    }

    public String description() {
        return json.getString("description", "");
    }

    /** After how many days its events are removed. */
    public int expiryDays() {
        return json.getInt("eventExpiryDuration", 0);
    }

    /** As the server describes each. */
    public List<JsonObject> strategies() {
        return json.get("strategies") instanceof JsonArray array
                ? array.stream().filter(JsonObject.class::isInstance).map(JsonObject.class::cast).toList() : List.of();
    }

    /** Whether it is of server.xml, and not changed by this API. */
    public boolean readOnly() {
        return json.getBoolean("readOnly", false);
    }

    public Optional<Instant> createdAt() {
        return Members.time(json, "createdAt");
    }

    public Optional<Instant> updatedAt() {
        return Members.time(json, "updatedAt");
    }
}
