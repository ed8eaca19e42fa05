package dev.agentruntime.memory;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.RoomOperations.Request;
import dev.agentruntime.memory.MemoryException.Kind;
import dev.agentruntime.store.Sql;
import dev.agentruntime.store.Transaction;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes, changes and removes records, for who may: of some in one request each succeeds or fails alone. Thread-safe; blocks on the database.
 */
final class RecordChanges {

    /** Of whoever is no administrator, in one memory. */
    static final int MOST_OWN = 10_000;
    private static final int BAD_REQUEST = 400;

    private final MemoryStore store;
    private final Memories memories;
    private final Clock clock;

    RecordChanges(MemoryStore store, Memories memories, Clock clock) {
        this.store = store;
        this.memories = memories;
        this.clock = clock;
    }

    /** What became of one record of a request. */
    private record Outcome(String id, String request, int code, String message) {

        static Outcome done(String id, String request) {
            return new Outcome(id, request, 0, "");
        }

        boolean isDone() {
            return code == 0;
        }

        JsonObject view() {
            JsonObjectBuilder view = Json.createObjectBuilder().add("memoryRecordId", id).add("status", isDone() ? "SUCCEEDED" : "FAILED");
            if (!request.isEmpty()) {
                view.add("requestIdentifier", request);
            }
            if (!isDone()) {
                view.add("errorCode", code).add("errorMessage", message);
            }
            return view.build();
        }
    }

    /** A record that cannot be as it is asked for. */
    private static final class NotSo extends RuntimeException {

        private final int code;

        NotSo(int code, String message) {
            super(message);
            this.code = code;
        }
    }

    /** Does what is asked for one record. */
    private interface Work {
        String run(RecordTable table, JsonObject record, long revision) throws SQLException;
    }

    JsonObject create(Request request, JsonObject input) {
        MemoryRow memory = memories.serving(input.getString("memoryId"));
        Instant now = now();
        String token = Optional.ofNullable(input.getString("clientToken", null)).filter(text -> !text.isEmpty())
                .map(text -> Ids.digest(OwnActor.of(request.caller().subject()) + "\n" + text)).orElse("");
        return store.run(transaction -> {
            RecordTable table = new RecordTable(transaction);
            long revision = table.nextRevision(Math.max(1, Views.array(input, "records").size())); // and holds up whoever comes with the same token
            List<RecordRow> before = token.isEmpty() ? List.of() : table.ofToken(memory.id(), token);
            if (!before.isEmpty()) {
                return answer(before.stream().map(row -> Outcome.done(row.id(), row.request())).toList());
            }
            Room room = room(table, request.caller(), memory.id());
            return each(transaction, input, revision, (records, given, number) -> {
                room.take();
                RecordRow row = row(request.caller(), memory, Ids.record(), given, token, number);
                records.insert(row, now);
                return row.id();
            });
        });
    }

    /** For how many records there is room. */
    private static final class Room {

        private int left;

        Room(int left) {
            this.left = left;
        }

        void take() {
            if (left-- <= 0) {
                throw new NotSo(Kind.QUOTA.status(), "You have " + MOST_OWN + " records in this memory, the most there may be. Delete those that are not needed.");
            }
        }
    }

    private static Room room(RecordTable table, Caller caller, String memory) throws SQLException {
        Optional<String> own = Records.actor(caller);
        return new Room(own.isPresent() ? MOST_OWN - table.count(memory, own.get()) : Integer.MAX_VALUE);
    }

    private static RecordRow row(Caller caller, MemoryRow memory, String id, JsonObject given, String token, long revision) {
        String strategy = given.getString("memoryStrategyId", "");
        String namespace = namespace(given).orElse("");
        return new RecordRow(memory.id(), id, strategy, actor(caller, memory, strategy, namespace, ""), namespace, RecordRow.State.ACTIVE,
                given.getJsonObject("content").getString("text"), Views.object(given, "metadata"), given.getString("requestIdentifier", ""), token,
                Views.time(given.getJsonNumber("timestamp")), revision);
    }

    private static Optional<String> namespace(JsonObject given) {
        Optional<String> namespace = Views.array(given, "namespaces").getValuesAs(JsonString.class).stream().map(JsonString::getString).findFirst();
        if (namespace.filter(path -> path.contains("//")).isPresent()) {
            throw new NotSo(BAD_REQUEST, "A namespace must not have two slashes side by side.");
        }
        return namespace;
    }

    /**
     * Whose record it is that is there: one's own, for whoever is no administrator.
     *
     * @param before whose it was; it stays that one's where no namespace tells
     */
    private static String actor(Caller caller, MemoryRow memory, String strategyId, String namespace, String before) {
        Optional<Strategy> strategy = memory.strategies().stream().filter(one -> one.id().equals(strategyId)).findFirst();
        if (!strategyId.isEmpty() && strategy.isEmpty()) {
            throw new NotSo(BAD_REQUEST, "The memory " + memory.id() + " has no strategy " + strategyId + ".");
        }
        if (caller.admin()) {
            return Namespaces.actor(namespace, strategy).orElse(namespace.isEmpty() ? before : "");
        }
        String own = OwnActor.of(caller.subject());
        if (!namespace.isEmpty() && !Namespaces.isOf(namespace, strategy, own)) {
            throw new NotSo(Kind.DENIED.status(), "The namespace " + namespace + " is not yours: you may write where records of the actor " + own + " are, who is you.");
        }
        return own;
    }

    JsonObject update(Request request, JsonObject input) {
        MemoryRow memory = memories.serving(input.getString("memoryId"));
        Instant now = now();
        return changed(input, (table, given, revision) -> {
            RecordRow old = found(table, request.caller(), memory, given);
            String strategy = given.getString("memoryStrategyId", old.strategy());
            Optional<String> namespace = namespace(given);
            String at = namespace.orElse(old.namespace());
            boolean isMoved = namespace.isPresent() || given.containsKey("memoryStrategyId");
            table.update(new RecordRow(old.memory(), old.id(), strategy, isMoved ? actor(request.caller(), memory, strategy, at, old.actor()) : old.actor(), at, old.state(),
                    given.containsKey("content") ? given.getJsonObject("content").getString("text") : old.content(),
                    given.containsKey("metadata") ? given.getJsonObject("metadata") : old.metadata(), old.request(), old.token(),
                    Views.time(given.getJsonNumber("timestamp")), revision), now);
            return old.id();
        });
    }

    JsonObject deleteSome(Request request, JsonObject input) {
        MemoryRow memory = memories.serving(input.getString("memoryId"));
        Instant now = now();
        return changed(input, (table, given, revision) -> {
            RecordRow old = found(table, request.caller(), memory, given);
            table.delete(memory.id(), old.id(), revision, now);
            return old.id();
        });
    }

    JsonObject delete(Request request, JsonObject input) {
        MemoryRow memory = memories.serving(input.getString("memoryId"));
        String id = input.getString("memoryRecordId");
        Instant now = now();
        return store.run(transaction -> {
            RecordTable table = new RecordTable(transaction);
            long revision = table.nextRevision(1);
            table.locked(memory.id(), id).filter(row -> Records.isFor(request.caller(), row)).orElseThrow(() -> Records.none(id));
            table.delete(memory.id(), id, revision, now);
            return Json.createObjectBuilder().add("memoryRecordId", id).build();
        });
    }

    private static RecordRow found(RecordTable table, Caller caller, MemoryRow memory, JsonObject given) throws SQLException {
        String id = given.getString("memoryRecordId");
        return table.locked(memory.id(), id).filter(row -> Records.isFor(caller, row))
                .orElseThrow(() -> new NotSo(Kind.NOT_FOUND.status(), Records.none(id).getMessage()));
    }

    private JsonObject changed(JsonObject input, Work work) {
        return store.run(transaction -> each(transaction, input, new RecordTable(transaction).nextRevision(Math.max(1, Views.array(input, "records").size())), work));
    }

    private static JsonObject each(Transaction transaction, JsonObject input, long first, Work work) throws SQLException {
        RecordTable table = new RecordTable(transaction);
        List<Outcome> outcomes = new ArrayList<>();
        long revision = first;
        for (JsonObject given : Views.array(input, "records").getValuesAs(JsonObject.class)) {
            String request = given.getString("requestIdentifier", "");
            try {
                outcomes.add(Outcome.done(work.run(table, given, revision++), request));
            } catch (NotSo e) {
                outcomes.add(new Outcome(given.getString("memoryRecordId", ""), request, e.code, e.getMessage()));
            }
        }
        return answer(outcomes);
    }

    private static JsonObject answer(List<Outcome> outcomes) {
        return Json.createObjectBuilder()
                .add("successfulRecords", Json.createArrayBuilder(outcomes.stream().filter(Outcome::isDone).map(Outcome::view).toList()))
                .add("failedRecords", Json.createArrayBuilder(outcomes.stream().filter(outcome -> !outcome.isDone()).map(Outcome::view).toList())).build();
    }

    private Instant now() {
        return Sql.storable(clock.instant());
    }
}
