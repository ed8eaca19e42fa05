package dev.agentruntime.memory;

import dev.agentruntime.memory.MemoryException.Kind;
import dev.agentruntime.memory.MemoryRow.Home;
import dev.agentruntime.memory.MemoryRow.Status;
import dev.agentruntime.requests.InputException;
import dev.agentruntime.requests.Page;
import dev.agentruntime.store.Sql;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Makes, changes, shows and deletes memories. Those of server.xml are shown, and changed there. Thread-safe; blocks on the database.
 */
final class Memories {

    static final int MOST = 1_000;
    static final int MOST_STRATEGIES = 6;
    private static final String EXPIRY = "eventExpiryDuration";
    private static final String ADDED = "memoryStrategies.addMemoryStrategies";

    private final MemoryStore store;
    private final ConfiguredMemories configured;
    private final Supplier<Arns> arns;
    private final Clock clock;

    Memories(MemoryStore store, ConfiguredMemories configured, Supplier<Arns> arns, Clock clock) {
        this.store = store;
        this.configured = configured;
        this.arns = arns;
        this.clock = clock;
    }

    JsonObject create(JsonObject input) {
        Unsupported.check(input);
        String name = input.getString("name");
        Instant now = now();
        List<Strategy> strategies = strategies(Views.array(input, "memoryStrategies"), "memoryStrategies", Ids::drawn, now);
        MemoryRow made = new MemoryRow(Ids.drawn(name), name, Home.API, Status.ACTIVE, Duration.ofDays(input.getInt(EXPIRY)), settings(input), strategies, now, now);
        Optional<String> token = Optional.ofNullable(input.getString("clientToken", null)).filter(text -> !text.isEmpty()).map(Ids::digest);
        return answer(store.run(transaction -> {
            MemoryTable table = new MemoryTable(transaction);
            Optional<MemoryRow> before = token.isPresent() ? table.ofToken(token.get()) : Optional.empty();
            if (before.isPresent()) {
                return again(before.get(), made);
            }
            if (configured.isNamed(name) || table.named(name).isPresent()) {
                throw new MemoryException(Kind.CONFLICT, "There is a memory of the name " + name + " already, or one is still being deleted. Choose another name, or update that one.");
            }
            if (table.count() >= MOST) {
                throw new MemoryException(Kind.QUOTA, "There are " + MOST + " memories, the most there may be. Delete one that is not needed.");
            }
            table.insert(made, token);
            return made;
        }));
    }

    /** A request that was sent again is answered with what it has made. */
    private static MemoryRow again(MemoryRow before, MemoryRow asked) {
        if (!before.name().equals(asked.name())) {
            throw InputException.invalid("clientToken", "was used for another memory; use a new one for each request");
        }
        return before;
    }

    private static JsonObject settings(JsonObject input) {
        JsonObjectBuilder settings = Json.createObjectBuilder();
        Views.copy(input, settings, "description", "memoryExecutionRoleArn");
        if (input.containsKey("indexedKeys")) {
            settings.add("indexedKeys", distinctKeys(Views.array(input, "indexedKeys"), "indexedKeys"));
        }
        return settings.build();
    }

    private static JsonArray distinctKeys(JsonArray keys, String field) {
        Set<String> seen = new HashSet<>();
        for (JsonObject key : keys.getValuesAs(JsonObject.class)) {
            if (!seen.add(key.getString("key"))) {
                throw InputException.invalid(field, "must not have a key twice");
            }
        }
        return keys;
    }

    /**
     * The strategies that a memory begins with.
     *
     * @param field where {@code inputs} are in the request
     * @param id    makes a strategy's id of its name
     */
    static List<Strategy> strategies(JsonArray inputs, String field, UnaryOperator<String> id, Instant now) {
        List<Strategy> strategies = new ArrayList<>();
        List<JsonObject> all = inputs.getValuesAs(JsonObject.class);
        for (int i = 0; i < all.size(); i++) {
            strategies.add(StrategyReader.read(all.get(i), field + "[" + i + "]", id, now));
        }
        check(strategies, field);
        return List.copyOf(strategies);
    }

    private static void check(List<Strategy> strategies, String field) {
        if (strategies.size() > MOST_STRATEGIES) {
            throw InputException.invalid(field, "would be " + strategies.size() + " strategies; a memory has " + MOST_STRATEGIES + " at most");
        }
        Set<String> names = new HashSet<>();
        for (Strategy strategy : strategies) {
            if (!names.add(strategy.name())) {
                throw InputException.invalid(field, "must not have two strategies of the name " + strategy.name());
            }
        }
    }

    JsonObject get(JsonObject input) {
        return answer(existing(input.getString("memoryId")));
    }

    JsonObject update(JsonObject input) {
        Unsupported.check(input);
        String id = input.getString("memoryId");
        refuseChange(id);
        Instant now = now();
        return answer(store.run(transaction -> {
            MemoryTable table = new MemoryTable(transaction);
            MemoryRow old = active(table.locked(id).orElseThrow(() -> none(id)));
            MemoryRow changed = new MemoryRow(id, old.name(), old.home(), old.status(),
                    input.containsKey(EXPIRY) ? Duration.ofDays(input.getInt(EXPIRY)) : old.expiry(), settings(old, input),
                    changed(old.strategies(), Views.object(input, "memoryStrategies"), now), old.createdAt(), now);
            table.update(changed);
            return changed;
        }));
    }

    private static JsonObject settings(MemoryRow old, JsonObject input) {
        JsonObjectBuilder settings = Json.createObjectBuilder(old.settings());
        Views.copy(input, settings, "description", "memoryExecutionRoleArn");
        if (input.containsKey("addIndexedKeys")) {
            JsonArrayBuilder keys = Json.createArrayBuilder(Views.array(old.settings(), "indexedKeys"));
            Views.array(input, "addIndexedKeys").forEach(keys::add);
            JsonArray all = keys.build();
            if (all.size() > 10) {
                throw InputException.invalid("addIndexedKeys", "would be " + all.size() + " keys; a memory has 10 at most");
            }
            settings.add("indexedKeys", distinctKeys(all, "addIndexedKeys"));
        }
        return settings.build();
    }

    private static List<Strategy> changed(List<Strategy> old, JsonObject change, Instant now) {
        Map<String, Strategy> byId = new java.util.LinkedHashMap<>();
        old.forEach(strategy -> byId.put(strategy.id(), strategy));
        List<JsonObject> changes = Views.array(change, "modifyMemoryStrategies").getValuesAs(JsonObject.class);
        for (int i = 0; i < changes.size(); i++) {
            String field = "memoryStrategies.modifyMemoryStrategies[" + i + "]";
            Strategy known = known(byId, changes.get(i), field);
            byId.put(known.id(), StrategyReader.changed(known, changes.get(i), field, now));
        }
        List<JsonObject> deleted = Views.array(change, "deleteMemoryStrategies").getValuesAs(JsonObject.class);
        for (int i = 0; i < deleted.size(); i++) {
            byId.remove(known(byId, deleted.get(i), "memoryStrategies.deleteMemoryStrategies[" + i + "]").id());
        }
        List<Strategy> all = new ArrayList<>(byId.values());
        all.addAll(strategies(Views.array(change, "addMemoryStrategies"), ADDED, Ids::drawn, now));
        check(all, ADDED);
        return List.copyOf(all);
    }

    private static Strategy known(Map<String, Strategy> byId, JsonObject change, String field) {
        return Optional.ofNullable(byId.get(change.getString("memoryStrategyId")))
                .orElseThrow(() -> InputException.invalid(field + ".memoryStrategyId", "must be the id of a strategy of this memory"));
    }

    JsonObject delete(JsonObject input) {
        String id = input.getString("memoryId");
        refuseChange(id);
        Instant now = now();
        MemoryRow deleting = store.run(transaction -> {
            MemoryTable table = new MemoryTable(transaction);
            MemoryRow old = table.locked(id).orElseThrow(() -> none(id));
            if (old.status() == Status.DELETING) {
                return old;
            }
            table.update(old.deleting(now));
            return old.deleting(now);
        });
        return Json.createObjectBuilder().add("memoryId", id).add("status", deleting.status().name()).build();
    }

    JsonObject list(JsonObject input) {
        Map<String, MemoryRow> all = new TreeMap<>();
        store.run(transaction -> new MemoryTable(transaction).all()).forEach(row -> all.put(row.id(), row));
        configured.all().forEach(row -> all.put(row.id(), row));
        Page<MemoryRow> page = Page.of("memories", List.copyOf(all.values()), MemoryRow::id, input);
        return Views.list("memories", page.items().stream().map(row -> row.summary(arns.get())).toList(), page.next());
    }

    /**
     * The memory that {@code idOrArn} names, where events are taken.
     *
     * @throws MemoryException there is none, or it is being deleted
     */
    MemoryRow serving(String idOrArn) {
        return active(existing(arns.get().id(idOrArn)));
    }

    private MemoryRow existing(String id) {
        return configured.find(id).or(() -> store.run(transaction -> new MemoryTable(transaction).find(id))).orElseThrow(() -> none(id));
    }

    private static MemoryRow active(MemoryRow memory) {
        if (memory.status() == Status.DELETING) {
            throw new MemoryException(Kind.NOT_FOUND, "The memory " + memory.id() + " is being deleted.");
        }
        return memory;
    }

    private void refuseChange(String id) {
        if (configured.find(id).isPresent()) {
            throw new MemoryException(Kind.CONFLICT, "The memory " + id + " is in server.xml. Change it there.");
        }
    }

    private static MemoryException none(String id) {
        return new MemoryException(Kind.NOT_FOUND, "There is no memory " + id + ".");
    }

    private JsonObject answer(MemoryRow memory) {
        return Json.createObjectBuilder().add("memory", memory.view(arns.get())).build();
    }

    private Instant now() {
        return Sql.storable(clock.instant());
    }
}
