package dev.agentruntime.memory;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.RoomOperations.Request;
import dev.agentruntime.memory.SessionTable.Listed;
import dev.agentruntime.requests.Page;
import dev.agentruntime.store.Sql;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Lists sessions and actors, and deletes all that is an actor's, for who may. Thread-safe; blocks on the database. */
final class Actors {

    private static final Logger LOG = Logger.getLogger(Actors.class.getName());
    private static final int STANDARD_PAGE = 20;
    private static final int MOST_SHOWN = 200;
    private static final String BETWEEN = " ";
    /** In a token: when a session began, and its id. */
    private static final Pattern PLACE = Pattern.compile("([0-9]{1,15}) ([a-zA-Z0-9_-]{1,100})");

    private final MemoryStore store;
    private final Memories memories;
    private final Erasure erasure;
    private final Clock clock;

    Actors(MemoryStore store, Memories memories, Erasure erasure, Clock clock) {
        this.store = store;
        this.memories = memories;
        this.erasure = erasure;
        this.clock = clock;
    }

    JsonObject sessions(Request request, JsonObject input) {
        String actor = OwnActor.permitted(request.caller(), input.getString("actorId"));
        String memory = memories.serving(input.getString("memoryId")).id();
        String list = "sessions " + memory + BETWEEN + actor;
        Optional<Listed> after = token(input).map(token -> listed(Page.after(list, token), actor));
        Optional<Instant> withEvents = Views.object(input, "filter").containsKey("eventFilter") ? Optional.of(Sql.storable(clock.instant())) : Optional.empty();
        int most = input.getInt("maxResults", STANDARD_PAGE);
        List<Listed> found = store.run(transaction -> new SessionTable(transaction).sessions(memory, actor, after, withEvents, most + 1));
        return page("sessionSummaries", found.stream().map(Listed::view).toList(), most,
                found.size() > most ? Optional.of(Page.token(list, key(found.get(most - 1)))) : Optional.empty());
    }

    private static String key(Listed session) {
        return session.createdAt().toEpochMilli() + BETWEEN + session.session();
    }

    private static Listed listed(String key, String actor) {
        MatchResult parts = Views.parts(PLACE, key);
        return new Listed(parts.group(2), actor, Instant.ofEpochMilli(Long.parseLong(parts.group(1))));
    }

    /** Of an invoker its own only. */
    JsonObject actors(Request request, JsonObject input) {
        Caller caller = request.caller();
        String memory = memories.serving(input.getString("memoryId")).id();
        String list = "actors " + memory;
        Optional<String> after = token(input).map(token -> Page.after(list, token));
        int most = input.getInt("maxResults", STANDARD_PAGE);
        String own = OwnActor.of(caller.subject());
        List<String> found = store.run(transaction -> {
            SessionTable table = new SessionTable(transaction);
            if (caller.admin()) {
                return table.actors(memory, after, most + 1);
            }
            return after.isEmpty() && table.hasActor(memory, own) ? List.of(own) : List.of();
        });
        return page("actorSummaries", found.stream().map(actor -> Json.createObjectBuilder().add("actorId", actor).build()).toList(), most,
                found.size() > most ? Optional.of(Page.token(list, found.get(most - 1))) : Optional.empty());
    }

    JsonObject delete(Request request, JsonObject input) {
        String actor = OwnActor.permitted(request.caller(), input.getString("actorId"));
        String memory = memories.serving(input.getString("memoryId")).id();
        Erasure.Removed removed = erasure.actor(memory, actor);
        MemoryMessage.ACTOR_DELETED.log(LOG, memory, actor, Sql.storable(request.caller().subject().name(), MOST_SHOWN), removed.events(), removed.records());
        return Json.createObjectBuilder().add("actorId", actor).add("deletedEvents", removed.events()).add("deletedRecords", removed.records()).build();
    }

    private static Optional<String> token(JsonObject input) {
        return Optional.ofNullable(input.getString("nextToken", null));
    }

    private static JsonObject page(String name, List<JsonObject> items, int most, Optional<String> next) {
        return Views.list(name, items.subList(0, Math.min(most, items.size())), next);
    }
}
