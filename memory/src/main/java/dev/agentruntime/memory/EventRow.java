package dev.agentruntime.memory;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import java.util.Optional;

/**
 * An event.
 *
 * @param branch   empty text for the main one
 * @param payload  empty where it was not read
 * @param at       when it happened, as its caller says
 */
record EventRow(SessionKey session, String id, String branch, Extraction extraction, JsonObject metadata, Optional<JsonArray> payload, Instant at) {

    /** Whether strategies look at it. */
    enum Extraction { WANTED, SKIP }

    /** @param root of its branch */
    JsonObject view(Optional<String> root) {
        JsonObjectBuilder view = Json.createObjectBuilder().add("memoryId", session.memory()).add("actorId", session.actor())
                .add("sessionId", session.session()).add("eventId", id).add("eventTimestamp", Views.time(at));
        payload.ifPresent(items -> view.add("payload", items));
        if (!branch.isEmpty()) {
            JsonObjectBuilder named = Json.createObjectBuilder().add("name", branch);
            root.ifPresent(event -> named.add("rootEventId", event));
            view.add("branch", named);
        }
        if (!metadata.isEmpty()) {
            view.add("metadata", metadata);
        }
        return view.build();
    }
}
