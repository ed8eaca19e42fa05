package dev.agentruntime.client;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * Memories and what happened in them, on servers with the feature {@code agentMemory-1.0}. Thread-safe; blocks.
 * All throw {@link AgentRuntimeException}; without the feature, everything is not found.
 */
public final class MemoryClient {

    private static final String LIST = "/memories/";
    private static final String JSON = "application/json";
    private static final int PAGE = 100;

    private final Transport transport;

    MemoryClient(Transport transport) {
        this.transport = transport;
    }

    /** Whether the server has the feature. */
    public boolean isThere() {
        return Rooms.isThere(transport, page(Call.of("POST", LIST), 1, ""));
    }

    public List<MemoryInfo> memories() {
        return Pages.all(transport, "memories", MemoryInfo::new, next -> page(Call.of("POST", LIST), PAGE, next));
    }

    public MemoryInfo memory(String id) {
        return memory(transport.json(Call.of("GET", "/memories/{}/details", id)));
    }

    /** @param settings the members of {@code CreateMemory} */
    public MemoryInfo create(JsonObject settings) {
        JsonObject once = Json.createObjectBuilder(settings).add("clientToken", UUID.randomUUID().toString()).build();
        return memory(transport.json(Call.of("POST", "/memories/create").with(Payload.of(once), JSON)));
    }

    private static MemoryInfo memory(JsonObject answer) {
        if (answer.get("memory") instanceof JsonObject memory) {
            return new MemoryInfo(memory);
        }
        throw new UnexpectedAnswerException("The server's answer has no 'memory'. Does the address end in /agents?");
    }

    /** With all that is in it, which the server removes in the background. */
    public void delete(String id) {
        transport.json(Call.of("DELETE", "/memories/{}/delete", id).with("clientToken", UUID.randomUUID().toString()));
    }

    /**
     * The ids of actors that have sessions.
     *
     * @param most how many, here and below; 10,000 at most
     */
    public List<String> actors(String id, int most) {
        return list(Call.of("POST", "/memories/{}/actors", id), "actorSummaries", actor -> actor.getString("actorId", ""), most);
    }

    /** An actor's, the newest first. */
    public List<MemorySession> sessions(String id, String actor, int most) {
        return list(Call.of("POST", "/memories/{}/actor/{}/sessions", id, actor), "sessionSummaries", MemorySession::new, most);
    }

    /** The newest first. */
    public List<MemoryEvent> events(String id, String actor, String session, int most) {
        return list(Call.of("POST", "/memories/{}/actor/{}/sessions/{}", id, actor, session), "events", MemoryEvent::new, most);
    }

    private <T> List<T> list(Call call, String name, Function<JsonObject, T> view, int most) {
        return Pages.first(transport, name, view, next -> page(call, Math.min(PAGE, most), next), most);
    }

    private static Call page(Call call, int most, String next) {
        JsonObjectBuilder body = Json.createObjectBuilder().add("maxResults", most);
        return call.with(Payload.of((next.isEmpty() ? body : body.add("nextToken", next)).build()), JSON);
    }
}
