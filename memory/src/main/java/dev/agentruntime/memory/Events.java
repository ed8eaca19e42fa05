package dev.agentruntime.memory;

import dev.agentruntime.api.RoomOperations.Request;
import dev.agentruntime.memory.BranchTable.Branch;
import dev.agentruntime.memory.MemoryException.Kind;
import dev.agentruntime.requests.InputException;
import dev.agentruntime.requests.Page;
import dev.agentruntime.store.Sql;
import dev.agentruntime.store.Transaction;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes, reads and deletes events, for who may. Thread-safe; blocks on the database. */
final class Events {

    /** How many events one request looks at; a filter that few pass may need more requests. */
    static final int MOST_LOOKED_AT = 1_000;
    /** Characters of payloads after which a page ends, so that no list takes a server's memory. */
    static final int MOST_CHARACTERS = 4_000_000;
    private static final int STANDARD_PAGE = 20;
    /** Read at once with their payloads, each of which may have megabytes. */
    private static final int FEW = 10;
    private static final int CHUNK = 250;
    private static final String MAIN = "";

    private final MemoryStore store;
    private final Memories memories;
    private final Clock clock;

    Events(MemoryStore store, Memories memories, Clock clock) {
        this.store = store;
        this.memories = memories;
        this.clock = clock;
    }

    JsonObject create(Request request, JsonObject input) {
        String actor = OwnActor.permitted(request.caller(), input.getString("actorId"));
        MemoryRow memory = memories.serving(input.getString("memoryId"));
        SessionKey session = new SessionKey(memory.id(), actor, input.containsKey("sessionId") ? input.getString("sessionId") : Ids.session());
        Optional<String> token = Optional.ofNullable(input.getString("clientToken", null)).filter(text -> !text.isEmpty()).map(Ids::digest);
        Instant now = now();
        return store.run(transaction -> {
            EventTable events = new EventTable(transaction, now);
            Optional<EventRow> before = token.isPresent() ? events.ofToken(memory.id(), actor, token.get()) : Optional.empty();
            if (before.isPresent()) {
                return answer(transaction, before.get());
            }
            long number = new SessionTable(transaction).nextEvent(session, now);
            EventRow event = event(session, number, joined(transaction, events, session, Views.object(input, "branch")), input);
            events.insert(event, token, now.plus(memory.expiry()));
            return answer(transaction, event);
        });
    }

    private static EventRow event(SessionKey session, long number, String branch, JsonObject input) {
        Instant at = Views.time(input.getJsonNumber("eventTimestamp"));
        return new EventRow(session, EventId.of(at, number), branch,
                input.containsKey("extractionMode") ? EventRow.Extraction.SKIP : EventRow.Extraction.WANTED, Views.object(input, "metadata"),
                Optional.of(Views.array(input, "payload")), at);
    }

    /** The branch that a new event is in, which begins with it where there is none yet. */
    private static String joined(Transaction transaction, EventTable events, SessionKey session, JsonObject branch) throws SQLException {
        String name = branch.getString("name", BranchTable.MAIN);
        Optional<String> root = Optional.ofNullable(branch.getString("rootEventId", null));
        if (name.equals(BranchTable.MAIN)) {
            root.ifPresent(event -> refuse("branch.rootEventId", "must be left out for the branch " + BranchTable.MAIN + ", which has none"));
            return MAIN;
        }
        BranchTable branches = new BranchTable(transaction);
        Map<String, Branch> all = branches.all(session);
        Optional<Branch> known = Optional.ofNullable(all.get(name));
        if (known.isPresent()) {
            root.filter(event -> !event.equals(known.get().root()))
                    .ifPresent(event -> refuse("branch.rootEventId", "must be " + known.get().root() + ", from which the branch " + name + " goes, or left out"));
            return name;
        }
        String from = root.orElseThrow(() -> InputException.invalid("branch.rootEventId", "is required with the first event of a branch, and " + name + " is none yet"));
        String parent = events.branchOf(session, from)
                .orElseThrow(() -> InputException.invalid("branch.rootEventId", "must be an event of this session; there is no " + from + " in it"));
        if (all.size() >= BranchTable.MOST) {
            throw new MemoryException(Kind.QUOTA, "The session has " + BranchTable.MOST + " branches, the most it may have.");
        }
        branches.insert(session, new Branch(name, parent, from));
        return name;
    }

    private static void refuse(String field, String message) {
        throw InputException.invalid(field, message);
    }

    JsonObject get(Request request, JsonObject input) {
        SessionKey session = session(request, input);
        String id = input.getString("eventId");
        return store.run(transaction -> answer(transaction, new EventTable(transaction, now()).find(session, id).orElseThrow(() -> none(session, id))));
    }

    JsonObject delete(Request request, JsonObject input) {
        SessionKey session = session(request, input);
        String id = input.getString("eventId");
        return store.run(transaction -> {
            if (!new EventTable(transaction, now()).delete(session, id)) {
                throw none(session, id);
            }
            return Json.createObjectBuilder().add("eventId", id).build();
        });
    }

    JsonObject list(Request request, JsonObject input) {
        SessionKey session = session(request, input);
        JsonObject filter = Views.object(input, "filter");
        MetadataFilter metadata = MetadataFilter.of(Views.array(filter, "eventMetadata"), "filter.eventMetadata");
        String list = session.list("events");
        Optional<String> before = Optional.ofNullable(input.getString("nextToken", null)).map(token -> Page.after(list, token));
        int most = input.getInt("maxResults", STANDARD_PAGE);
        boolean withPayloads = input.getBoolean("includePayloads", true);
        return store.run(transaction -> {
            Map<String, Branch> branches = new BranchTable(transaction).all(session);
            Found found = found(new EventTable(transaction, now()), session, before, parts(branches, Views.object(filter, "branch")), metadata, withPayloads, most);
            return Views.list("events", found.events().stream().map(event -> event.view(root(branches, event))).toList(),
                    found.last().map(last -> Page.token(list, last)));
        });
    }

    /** @param last after which there may be more */
    private record Found(List<EventRow> events, Optional<String> last) {}

    private static Found found(EventTable table, SessionKey session, Optional<String> before, List<BranchTable.Part> branches, MetadataFilter metadata,
            boolean withPayloads, int most) throws SQLException {
        List<EventRow> found = new ArrayList<>();
        Optional<String> at = before;
        boolean isReadWhole = withPayloads && metadata.isEmpty();
        int chunk = isReadWhole ? Math.min(most + 1, FEW) : metadata.isEmpty() ? most + 1 : CHUNK;
        long characters = 0;
        for (int looked = 0; looked < MOST_LOOKED_AT; looked += chunk) {
            List<EventRow> next = table.newest(session, at, branches, isReadWhole, chunk);
            for (EventRow event : next) {
                if (metadata.test(event.metadata())) {
                    if (found.size() == most || characters > MOST_CHARACTERS) {
                        return new Found(found, Optional.of(found.get(found.size() - 1).id()));
                    }
                    EventRow whole = withPayloads && event.payload().isEmpty() ? table.find(session, event.id()).orElse(event) : event;
                    characters += whole.payload().map(payload -> payload.toString().length()).orElse(0);
                    found.add(whole);
                }
            }
            if (next.size() < chunk) {
                return new Found(found, Optional.empty());
            }
            at = Optional.of(next.get(next.size() - 1).id());
        }
        return new Found(found, at);
    }

    private static List<BranchTable.Part> parts(Map<String, Branch> branches, JsonObject filter) {
        if (filter.isEmpty()) {
            return List.of();
        }
        String name = filter.getString("name").equals(BranchTable.MAIN) ? MAIN : filter.getString("name");
        return filter.getBoolean("includeParentBranches", false) ? BranchTable.withParents(branches, name) : List.of(new BranchTable.Part(name, Optional.empty()));
    }

    private SessionKey session(Request request, JsonObject input) {
        String actor = OwnActor.permitted(request.caller(), input.getString("actorId"));
        return new SessionKey(memories.serving(input.getString("memoryId")).id(), actor, input.getString("sessionId"));
    }

    private static JsonObject answer(Transaction transaction, EventRow event) throws SQLException {
        Map<String, Branch> branches = event.branch().isEmpty() ? Map.of() : new BranchTable(transaction).all(event.session());
        return Json.createObjectBuilder().add("event", event.view(root(branches, event))).build();
    }

    private static Optional<String> root(Map<String, Branch> branches, EventRow event) {
        return Optional.ofNullable(branches.get(event.branch())).map(Branch::root);
    }

    private static MemoryException none(SessionKey session, String id) {
        return new MemoryException(Kind.NOT_FOUND, "There is no event " + id + " in the session " + session.session() + " of " + session.actor() + ".");
    }

    private Instant now() {
        return Sql.storable(clock.instant());
    }
}
