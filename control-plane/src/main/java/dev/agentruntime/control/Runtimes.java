package dev.agentruntime.control;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.control.ControlException.Kind;
import dev.agentruntime.requests.Page;
import dev.agentruntime.store.Sql;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Makes, changes, shows and deletes agent runtimes and their versions. Thread-safe; blocks on the database and on files. */
final class Runtimes {

    private static final String LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int RANDOM_PART = 10;
    private static final String CREATE = "CreateAgentRuntime";
    private static final String UPDATE = "UpdateAgentRuntime";

    private final ControlStore store;
    private final Artifacts artifacts;
    private final ReadOnlyRuntimes readOnly;
    private final Views views;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Runtimes(ControlStore store, Artifacts artifacts, ReadOnlyRuntimes readOnly, Views views, Clock clock) {
        this.store = store;
        this.artifacts = artifacts;
        this.readOnly = readOnly;
        this.views = views;
        this.clock = clock;
    }

    JsonObject create(JsonObject input) {
        Optional<JsonObject> before = store.run(tables -> Tokens.before(tables, CREATE, input));
        if (before.isPresent()) {
            return before.get();
        }
        Unsupported.check(input);
        String name = input.getString("agentRuntimeName");
        if (readOnly.all().values().stream().anyMatch(view -> view.name().equals(name))) {
            throw nameTaken(name);
        }
        String digest = artifacts.take(input.getJsonObject("agentRuntimeArtifact"));
        Instant now = now();
        return store.run(tables -> Tokens.once(tables, CREATE, input, now, () -> {
            if (tables.runtimeNamed(name).isPresent()) {
                throw nameTaken(name);
            }
            if (tables.countRuntimes() >= Limits.RUNTIMES) {
                throw new ControlException(Kind.QUOTA, "There are " + Limits.RUNTIMES + " agent runtimes, the most there may be."
                        + " Delete one that is not needed.");
            }
            RuntimeRow runtime = new RuntimeRow(id(name), name, Status.CREATING, "", 1, now, now);
            VersionRow version = version(runtime, input, digest, Status.CREATING, now);
            tables.insert(runtime);
            tables.insert(version);
            tables.insert(EndpointRow.begun(runtime.id(), EndpointRow.DEFAULT, "", 1, now));
            if (input.get("tags") instanceof JsonObject tags) {
                Tags.put(tables, new Arns.Resource(runtime.id(), Optional.empty()), texts(tags));
            }
            return views.changed(runtime, version);
        }));
    }

    private static ControlException nameTaken(String name) {
        return new ControlException(Kind.CONFLICT, "There is an agent runtime of the name " + name
                + " already. Update it, or choose another name.");
    }

    private String id(String name) {
        StringBuilder id = new StringBuilder(name).append('-');
        random.ints(RANDOM_PART, 0, LETTERS_AND_DIGITS.length()).forEach(i -> id.append(LETTERS_AND_DIGITS.charAt(i)));
        return id.toString();
    }

    private static VersionRow version(RuntimeRow runtime, JsonObject input, String digest, Status status, Instant now) {
        return new VersionRow(runtime.id(), runtime.latest(), Views.settings(input), digest, status, "", now, now);
    }

    JsonObject update(JsonObject input) {
        String id = input.getString("agentRuntimeId");
        readOnly.refuseChange(id);
        Optional<JsonObject> before = store.run(tables -> {
            Optional<JsonObject> known = Tokens.before(tables, UPDATE, input);
            if (known.isEmpty()) {
                existing(tables.runtime(id), id);
            }
            return known;
        });
        if (before.isPresent()) {
            return before.get();
        }
        Unsupported.check(input);
        String digest = artifacts.take(input.getJsonObject("agentRuntimeArtifact"));
        Instant now = now();
        return store.run(tables -> Tokens.once(tables, UPDATE, input, now, () -> {
            RuntimeRow old = settled(tables, id);
            if (old.latest() == Limits.NEWEST_VERSION || tables.countVersions(id) >= Limits.VERSIONS) {
                throw new ControlException(Kind.QUOTA, "Agent runtime " + id + " has as many versions as it may have."
                        + " Delete old versions, or make another agent runtime.");
            }
            RuntimeRow runtime = old.with(Status.UPDATING, "", old.latest() + 1, now);
            VersionRow version = version(runtime, input, digest, Status.UPDATING, now);
            tables.update(runtime);
            tables.insert(version);
            EndpointRow latest = tables.endpoint(id, EndpointRow.DEFAULT).orElseThrow();
            tables.update(latest.towards(version.number(), latest.description(), now));
            return views.changed(runtime, version);
        }));
    }

    JsonObject get(JsonObject input) {
        String id = input.getString("agentRuntimeId");
        Optional<AgentRuntimeView> foreign = readOnly.find(id);
        Optional<Integer> wanted = number(input);
        if (foreign.isPresent()) {
            wanted.filter(number -> number != 1).ifPresent(number -> {
                throw noVersion(id, number);
            });
            return views.readOnly(id, foreign.get(), readOnly.since(id));
        }
        return store.run(tables -> {
            RuntimeRow runtime = existing(tables.runtime(id), id);
            return views.runtime(runtime, version(tables, runtime, wanted));
        });
    }

    /** The version that is wanted, or the latest there is. */
    private static VersionRow version(Tables tables, RuntimeRow runtime, Optional<Integer> wanted) throws SQLException {
        if (wanted.isPresent()) {
            return tables.version(runtime.id(), wanted.get()).orElseThrow(() -> noVersion(runtime.id(), wanted.get()));
        }
        return tables.newestVersion(runtime.id());
    }

    JsonObject delete(JsonObject input) {
        String id = input.getString("agentRuntimeId");
        readOnly.refuseChange(id);
        Instant now = now();
        return store.run(tables -> Tokens.once(tables, "DeleteAgentRuntime", input, now, () -> {
            RuntimeRow runtime = settled(tables, id);
            Optional<Integer> number = number(input);
            if (number.isPresent()) {
                deleteVersion(tables, runtime, number.get());
            } else {
                tables.update(runtime.with(Status.DELETING, "", runtime.latest(), now));
            }
            JsonObjectBuilder answer = Json.createObjectBuilder()
                    .add("status", Status.DELETING.name()).add("agentRuntimeId", id);
            number.ifPresent(one -> answer.add("agentRuntimeVersion", Integer.toString(one)));
            return answer.build();
        }));
    }

    private static void deleteVersion(Tables tables, RuntimeRow runtime, int number) throws SQLException {
        tables.version(runtime.id(), number).orElseThrow(() -> noVersion(runtime.id(), number));
        List<String> using = tables.endpoints(runtime.id()).stream().filter(endpoint -> endpoint.needs(number))
                .map(EndpointRow::name).toList();
        if (!using.isEmpty()) {
            throw new ControlException(Kind.CONFLICT, "Version " + number + " of agent runtime " + runtime.id() + " is used by "
                    + String.join(", ", using) + ". Lead these endpoints to another version first.");
        }
        tables.deleteVersion(runtime.id(), number);
    }

    JsonObject list(JsonObject input) {
        Map<String, AgentRuntimeView> foreign = readOnly.all();
        return store.run(tables -> {
            Map<String, RuntimeRow> own = new TreeMap<>();
            tables.runtimes().forEach(runtime -> own.put(runtime.id(), runtime));
            Page<String> page = Page.of("runtimes", Stream.concat(own.keySet().stream(), foreign.keySet().stream()).sorted().toList(),
                    id -> id, input);
            List<JsonObject> shown = new ArrayList<>();
            for (String id : page.items()) {
                shown.add(foreign.containsKey(id) ? views.readOnly(id, foreign.get(id), readOnly.since(id))
                        : views.summary(own.get(id), tables.newestVersion(id)));
            }
            return Views.list("agentRuntimes", shown, page.next());
        });
    }

    JsonObject versions(JsonObject input) {
        String id = input.getString("agentRuntimeId");
        Optional<AgentRuntimeView> foreign = readOnly.find(id);
        if (foreign.isPresent()) {
            return Views.list("agentRuntimes", versions(id, List.of(1), input).items().stream()
                    .map(one -> views.readOnly(id, foreign.get(), readOnly.since(id))).toList(), Optional.empty());
        }
        return store.run(tables -> {
            RuntimeRow runtime = existing(tables.runtime(id), id);
            Page<Integer> page = versions(id, tables.versionNumbers(id), input);
            List<JsonObject> shown = new ArrayList<>();
            for (int number : page.items()) {
                tables.version(id, number).ifPresent(version -> shown.add(views.summary(runtime, version)));
            }
            return Views.list("agentRuntimes", shown, page.next());
        });
    }

    private static Page<Integer> versions(String id, List<Integer> numbers, JsonObject input) {
        return Page.of("versions " + id, numbers, "%05d"::formatted, input);
    }

    /** Locked, and not in the middle of a change. */
    static RuntimeRow settled(Tables tables, String id) throws SQLException {
        RuntimeRow runtime = existing(tables.lockedRuntime(id), id);
        if (!runtime.status().isSettled()) {
            throw new ControlException(Kind.CONFLICT, "Agent runtime " + id + " is " + runtime.status()
                    + ". Wait until that is done, and ask again.");
        }
        return runtime;
    }

    static RuntimeRow existing(Optional<RuntimeRow> runtime, String id) {
        return runtime.orElseThrow(() -> new ControlException(Kind.NOT_FOUND, "There is no agent runtime " + id + "."));
    }

    static ControlException noVersion(String id, int number) {
        return new ControlException(Kind.NOT_FOUND, "Agent runtime " + id + " has no version " + number + ".");
    }

    static Optional<Integer> number(JsonObject input) {
        return Optional.ofNullable(input.getString("agentRuntimeVersion", null)).map(Integer::valueOf);
    }

    static Map<String, String> texts(JsonObject object) {
        Map<String, String> texts = new TreeMap<>();
        object.forEach((name, value) -> texts.put(name, ((JsonString) value).getString()));
        return texts;
    }

    private Instant now() {
        return Sql.storable(clock.instant());
    }
}
