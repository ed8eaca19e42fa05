package dev.agentruntime.memory;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * What is known in a memory.
 *
 * @param strategy  its id; empty text for none
 * @param actor     whose it is; empty text where that is not known, and it is an administrator's to read
 * @param namespace empty text for none
 * @param request   as its maker called it in the request
 * @param token     of that request; empty text for none
 * @param at        when it was so, as its maker says
 * @param revision  the number of the change that it was in last
 */
record RecordRow(String memory, String id, String strategy, String actor, String namespace, State state, String content, JsonObject metadata,
        String request, String token, Instant at, long revision) {

    /** What another has taken the place of is kept and not found any more. */
    enum State { ACTIVE, SUPERSEDED }

    RecordRow inRevision(long number) {
        return new RecordRow(memory, id, strategy, actor, namespace, state, content, metadata, request, token, at, number);
    }

    JsonObject view(OptionalDouble score) {
        JsonObjectBuilder view = Json.createObjectBuilder().add("memoryRecordId", id).add("content", Json.createObjectBuilder().add("text", content))
                .add("memoryStrategyId", strategy).add("namespaces", namespace.isEmpty() ? Json.createArrayBuilder() : Json.createArrayBuilder().add(namespace))
                .add("createdAt", Views.time(at));
        score.ifPresent(number -> view.add("score", number));
        if (!metadata.isEmpty()) {
            view.add("metadata", metadata);
        }
        return view.build();
    }
}
