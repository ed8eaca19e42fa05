package dev.agentruntime.client;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
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
    private static final String RECORDS = "memoryRecordSummaries";
    private static final int PAGE = 100;
    /** What an actor has is removed before the answer. */
    private static final Duration ERASURE = Duration.ofMinutes(10);

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

    /** @param change the members of {@code UpdateMemory}; what is left out stays as it is */
    public MemoryInfo update(String id, JsonObject change) {
        JsonObject once = Json.createObjectBuilder(change).add("clientToken", UUID.randomUUID().toString()).build();
        return memory(transport.json(Call.of("PUT", "/memories/{}/update", id).with(Payload.of(once), JSON)));
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

    /**
     * Removes all that a memory has of an actor, at once.
     *
     * @return how many events and records that were: {@code deletedEvents}, {@code deletedRecords}
     */
    public JsonObject deleteActor(String id, String actor) {
        return transport.json(Call.of("DELETE", "/memories/{}/actors/{}", id, actor).within(ERASURE));
    }

    /** An actor's, the newest first. */
    public List<MemorySession> sessions(String id, String actor, int most) {
        return list(Call.of("POST", "/memories/{}/actor/{}/sessions", id, actor), "sessionSummaries", MemorySession::new, most);
    }

    /** The newest first. */
    public List<MemoryEvent> events(String id, String actor, String session, int most) {
        return list(Call.of("POST", "/memories/{}/actor/{}/sessions/{}", id, actor, session), "events", MemoryEvent::new, most);
    }

    /** @param path those at this path of namespaces and below; empty is all */
    public List<MemoryRecord> records(String id, String path, int most) {
        Call call = Call.of("POST", "/memories/{}/memoryRecords", id);
        return Pages.first(transport, RECORDS, MemoryRecord::new, next -> page(call, Math.min(PAGE, most), next, below(path)), most);
    }

    /**
     * Those that have the most words in common with a question, the best first.
     *
     * @param path as above
     * @param most 100 at most
     */
    public List<MemoryRecord> search(String id, String question, String path, int most) {
        JsonObjectBuilder asked = below(path).add("searchCriteria", Json.createObjectBuilder().add("searchQuery", question).add("topK", most));
        return AgentRuntimeClient.list(transport.json(page(Call.of("POST", "/memories/{}/retrieve", id), most, "", asked)), RECORDS, MemoryRecord::new);
    }

    private static JsonObjectBuilder below(String path) {
        JsonObjectBuilder body = Json.createObjectBuilder();
        return path.isEmpty() ? body : body.add("namespacePath", path);
    }

    public void deleteRecord(String id, String recordId) {
        transport.json(Call.of("DELETE", "/memories/{}/memoryRecords/{}", id, recordId));
    }

    private <T> List<T> list(Call call, String name, Function<JsonObject, T> view, int most) {
        return Pages.first(transport, name, view, next -> page(call, Math.min(PAGE, most), next), most);
    }

    private static Call page(Call call, int most, String next) {
        return page(call, most, next, Json.createObjectBuilder());
    }

    private static Call page(Call call, int most, String next, JsonObjectBuilder asked) {
        JsonObjectBuilder body = asked.add("maxResults", most);
        return call.with(Payload.of((next.isEmpty() ? body : body.add("nextToken", next)).build()), JSON);
    }
}
