package dev.agentruntime.identity;

import dev.agentruntime.identity.IdentityException.Kind;
import dev.agentruntime.requests.FieldProblem;
import dev.agentruntime.requests.InputException;
import dev.agentruntime.requests.Page;
import dev.agentruntime.store.Sql;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Makes, changes, shows and deletes workload identities. Each agent runtime has one of its own name, which comes and goes with it.
 * Thread-safe; blocks on the database.
 */
final class Workloads {

    static final int MOST = 5_000;
    static final int MOST_URLS = 100;
    /** A server that has not heard yet of a runtime that another has just made does not take its identity for one that is left over. */
    static final Duration YOUNG = Duration.ofMinutes(1);

    private final IdentityStore store;
    private final LiveRuntimes runtimes;
    private final Supplier<Arns> arns;
    private final Clock clock;

    Workloads(IdentityStore store, LiveRuntimes runtimes, Supplier<Arns> arns, Clock clock) {
        this.store = store;
        this.runtimes = runtimes;
        this.arns = arns;
        this.clock = clock;
    }

    JsonObject create(JsonObject input) {
        NoTags.check(input);
        String name = input.getString("name");
        List<String> urls = urls(input);
        Instant now = now();
        return store.run(tables -> {
            if (tables.workload(name).isPresent() || ofRuntime(name).isPresent()) {
                throw InputException.invalid("name", "is taken: there is a workload identity " + name + " already. Update it, or choose another name");
            }
            if (tables.countWorkloads() >= MOST) {
                throw new IdentityException(Kind.QUOTA, "There are " + MOST + " workload identities, the most there may be. Delete one that is not needed.");
            }
            WorkloadRow row = new WorkloadRow(name, Origin.API, urls, now, now);
            tables.insert(row);
            return Json.createObjectBuilder().add("name", name).add("workloadIdentityArn", arns.get().workload(name))
                    .add("allowedResourceOauth2ReturnUrls", Json.createArrayBuilder(urls)).build();
        });
    }

    JsonObject get(JsonObject input) {
        String name = input.getString("name");
        return view(store.run(tables -> existing(tables.workload(name), name)));
    }

    JsonObject update(JsonObject input) {
        String name = input.getString("name");
        List<String> urls = urls(input);
        Instant now = now();
        return view(store.run(tables -> {
            Optional<WorkloadRow> known = tables.lockedWorkload(name);
            WorkloadRow changed = existing(known, name).with(urls, now);
            if (known.isPresent()) {
                tables.update(changed);
            } else {
                tables.insert(changed);
            }
            return changed;
        }));
    }

    JsonObject delete(JsonObject input) {
        String name = input.getString("name");
        return store.run(tables -> {
            Optional<WorkloadRow> row = tables.lockedWorkload(name);
            if (ofRuntime(name).isPresent() || row.filter(kept -> kept.origin() == Origin.RUNTIME && isThere(kept)).isPresent()) {
                throw new IdentityException(Kind.DENIED, "The workload identity " + name + " belongs to the agent runtime of that name and goes with it."
                        + " Delete the agent runtime.");
            }
            tables.deleteWorkload(row.orElseThrow(() -> none(name)).name()); // also what is kept for an agent that is not there now
            return JsonValue.EMPTY_JSON_OBJECT;
        });
    }

    JsonObject list(JsonObject input) {
        Map<String, WorkloadRow> all = new TreeMap<>();
        store.run(Tables::workloads).forEach(row -> all.put(row.name(), row));
        runtimes.configured().forEach(name -> all.computeIfAbsent(name, own -> shown(own, Origin.CONFIGURED)));
        runtimes.made().orElse(Set.of()).forEach(name -> all.computeIfAbsent(name, own -> shown(own, Origin.RUNTIME)));
        all.values().removeIf(row -> !isThere(row));
        Page<String> page = Page.of("workloads", List.copyOf(all.keySet()), name -> name, input);
        return Views.list("workloadIdentities", page.items().stream().map(name -> Json.createObjectBuilder().add("name", name)
                .add("workloadIdentityArn", arns.get().workload(name)).build()).toList(), page.next());
    }

    /**
     * The workload identity of that name.
     *
     * @throws IdentityException there is none
     */
    WorkloadRow named(String name) {
        return store.run(tables -> existing(tables.workload(name), name));
    }

    /**
     * The workload identity of that name, which is kept from now on where it is an agent runtime's of which nothing was kept before.
     *
     * @throws IdentityException there is none
     */
    WorkloadRow kept(String name) {
        return store.run(tables -> {
            Optional<WorkloadRow> row = tables.workload(name);
            WorkloadRow there = existing(row, name);
            if (row.isEmpty()) {
                tables.insert(there);
            }
            return there;
        });
    }

    /** Brings the identities of agent runtimes in line with these: each is made, and those of the control API's that are gone are deleted. */
    void tick() {
        Optional<Set<String>> made = runtimes.made();
        Set<String> configured = runtimes.configured();
        if (made.isEmpty() && configured.isEmpty()) {
            return;
        }
        Instant now = now();
        store.run(tables -> {
            Map<String, WorkloadRow> known = new TreeMap<>();
            tables.workloads().forEach(row -> known.put(row.name(), row));
            insert(tables, known, configured, Origin.CONFIGURED, now);
            insert(tables, known, made.orElse(Set.of()), Origin.RUNTIME, now);
            for (WorkloadRow row : known.values()) {
                boolean gone = made.filter(all -> !all.contains(row.name())).isPresent();
                if (row.origin() == Origin.RUNTIME && gone && row.createdAt().plus(YOUNG).isBefore(now)) {
                    tables.deleteWorkload(row.name());
                }
            }
            return known;
        });
    }

    private static void insert(Tables tables, Map<String, WorkloadRow> known, Set<String> names, Origin origin, Instant now) throws SQLException {
        for (String name : names) {
            if (!known.containsKey(name)) {
                tables.insert(new WorkloadRow(name, origin, List.of(), now, now));
            }
        }
    }

    private WorkloadRow existing(Optional<WorkloadRow> row, String name) {
        Optional<Origin> runtime = ofRuntime(name);
        return row.filter(this::isThere)
                .or(() -> runtime.map(origin -> shown(name, origin)))
                .orElseThrow(() -> none(name));
    }

    private static IdentityException none(String name) {
        return new IdentityException(Kind.NOT_FOUND, "There is no workload identity " + name + ".");
    }

    /** Of an agent runtime that is gone, or will be found again, something may be kept. */
    private boolean isThere(WorkloadRow row) {
        return switch (row.origin()) {
            case API -> true;
            case RUNTIME -> runtimes.made().filter(made -> !made.contains(row.name())).isEmpty();
            case CONFIGURED -> runtimes.configured().contains(row.name());
        };
    }

    /** Where it is that of an agent runtime that there is now. */
    private Optional<Origin> ofRuntime(String name) {
        if (runtimes.configured().contains(name)) {
            return Optional.of(Origin.CONFIGURED);
        }
        return runtimes.made().filter(made -> made.contains(name)).map(made -> Origin.RUNTIME);
    }

    private WorkloadRow shown(String name, Origin origin) {
        Instant now = now();
        return new WorkloadRow(name, origin, List.of(), now, now);
    }

    private static List<String> urls(JsonObject input) {
        JsonArray given = input.get("allowedResourceOauth2ReturnUrls") instanceof JsonArray array ? array : JsonValue.EMPTY_JSON_ARRAY;
        List<String> urls = given.getValuesAs(JsonString.class).stream().map(JsonString::getString).distinct().toList();
        List<FieldProblem> problems = new ArrayList<>();
        for (int i = 0; i < urls.size(); i++) {
            String field = "allowedResourceOauth2ReturnUrls[" + i + "]";
            ReturnUrl.problem(urls.get(i)).ifPresent(problem -> problems.add(new FieldProblem(field, problem)));
        }
        if (urls.size() > MOST_URLS) {
            problems.add(new FieldProblem("allowedResourceOauth2ReturnUrls", "must have " + MOST_URLS + " elements at most"));
        }
        if (!problems.isEmpty()) {
            throw InputException.invalid(problems);
        }
        return urls;
    }

    private JsonObject view(WorkloadRow row) {
        return Json.createObjectBuilder().add("name", row.name()).add("workloadIdentityArn", arns.get().workload(row.name()))
                .add("allowedResourceOauth2ReturnUrls", Json.createArrayBuilder(row.returnUrls()))
                .add("createdTime", Views.time(row.createdAt())).add("lastUpdatedTime", Views.time(row.updatedAt())).build();
    }

    private Instant now() {
        return Sql.storable(clock.instant());
    }
}
