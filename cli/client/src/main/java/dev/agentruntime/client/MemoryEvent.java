package dev.agentruntime.client;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What happened in a session of an actor's, as a memory keeps it.
 *
 * @param json all that the server says of it
 */
public record MemoryEvent(JsonObject json) {

    /**
     * Something said, or any JSON.
     *
     * @param role of who said it; empty for JSON
     */
    public record Item(String role, String text) {}

    public String id() {
        return json.getString("eventId", "");
    }

    /** When it happened, as whoever wrote it says. */
    public Optional<Instant> time() {
        return Members.time(json, "eventTimestamp");
    }

    public String branch() {
        return json.get("branch") instanceof JsonObject branch ? branch.getString("name", "main") : "main";
    }

    public List<Item> items() {
        return json.get("payload") instanceof JsonArray payload
                ? payload.stream().filter(JsonObject.class::isInstance).map(JsonObject.class::cast).map(MemoryEvent::item).toList() : List.of();
    }

    private static Item item(JsonObject item) {
        if (item.get("conversational") instanceof JsonObject said) {
            return new Item(said.getString("role", ""), said.get("content") instanceof JsonObject content ? content.getString("text", "") : "");
        }
        JsonValue blob = item.getOrDefault("blob", JsonValue.NULL);
        return new Item("", blob instanceof JsonString text ? text.getString() : blob.toString());
    }
}
