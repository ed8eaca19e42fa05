package dev.agentruntime.control;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.control.ControlException.Kind;
import dev.agentruntime.requests.Page;
import dev.agentruntime.store.Sql;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Makes, changes, shows and deletes endpoints of agent runtimes. Thread-safe; blocks on the database. */
record Endpoints(ControlStore store, ReadOnlyRuntimes readOnly, Views views, Clock clock) {

    JsonObject create(JsonObject input) {
        String id = input.getString("agentRuntimeId");
        readOnly.refuseChange(id);
        String name = input.getString("name");
        Instant now = now();
        return store.run(tables -> Tokens.once(tables, "CreateAgentRuntimeEndpoint", input, now, () -> {
            RuntimeRow runtime = Runtimes.settled(tables, id);
            List<EndpointRow> all = tables.endpoints(id);
            if (all.stream().anyMatch(endpoint -> endpoint.name().equals(name))) {
                throw new ControlException(Kind.CONFLICT, "Agent runtime " + id + " has an endpoint " + name
                        + " already. Update it, or choose another name.");
            }
            if (all.size() >= Limits.ENDPOINTS) {
                throw new ControlException(Kind.QUOTA, "Agent runtime " + id + " has " + Limits.ENDPOINTS
                        + " endpoints, the most it may have. Delete one that is not needed.");
            }
            EndpointRow made = EndpointRow.begun(id, name, input.getString("description", ""), target(tables, runtime, input), now);
            tables.insert(made);
            if (input.get("tags") instanceof JsonObject tags) {
                Tags.put(tables, new Arns.Resource(id, Optional.of(name)), Runtimes.texts(tags));
            }
            return views.endpoint(made);
        }));
    }

    JsonObject update(JsonObject input) {
        Instant now = now();
        return changed("UpdateAgentRuntimeEndpoint", input, now, (tables, runtime, before) -> {
            int target = Runtimes.number(input).isPresent() ? target(tables, runtime, input) : before.target();
            EndpointRow changed = before.towards(target, input.getString("description", before.description()), now);
            tables.update(changed);
            return views.endpoint(changed);
        });
    }

    JsonObject delete(JsonObject input) {
        Instant now = now();
        return changed("DeleteAgentRuntimeEndpoint", input, now, (tables, runtime, before) -> {
            tables.update(before.deleting(now));
            return Json.createObjectBuilder().add("status", Status.DELETING.name()).add("agentRuntimeId", runtime.id())
                    .add("endpointName", before.name()).build();
        });
    }

    /** What is done with an endpoint that is not in the middle of another change. */
    private interface Change {
        JsonObject of(Tables tables, RuntimeRow runtime, EndpointRow before) throws SQLException;
    }

    private JsonObject changed(String operation, JsonObject input, Instant now, Change change) {
        String id = input.getString("agentRuntimeId");
        readOnly.refuseChange(id);
        String name = input.getString("endpointName");
        return store.run(tables -> Tokens.once(tables, operation, input, now, () -> {
            RuntimeRow runtime = Runtimes.existing(tables.lockedRuntime(id), id);
            EndpointRow before = tables.endpoint(id, name).orElseThrow(() -> noEndpoint(id, name));
            if (before.isDefault()) {
                throw new ControlException(Kind.CONFLICT, "The endpoint DEFAULT follows the latest version and is not changed by hand."
                        + " Update the agent runtime, or make an endpoint of another name.");
            }
            if (runtime.status() == Status.DELETING || !before.status().isSettled()) {
                throw new ControlException(Kind.CONFLICT, "The endpoint " + name + " of agent runtime " + id + " is "
                        + (runtime.status() == Status.DELETING ? Status.DELETING : before.status())
                        + ". Wait until that is done, and ask again.");
            }
            return change.of(tables, runtime, before);
        }));
    }

    /** The version that is asked for, or the latest. */
    private static int target(Tables tables, RuntimeRow runtime, JsonObject input) throws SQLException {
        int number = Runtimes.number(input).orElse(runtime.latest());
        return tables.version(runtime.id(), number).orElseThrow(() -> Runtimes.noVersion(runtime.id(), number)).number();
    }

    JsonObject get(JsonObject input) {
        String id = input.getString("agentRuntimeId");
        String name = input.getString("endpointName");
        Optional<EndpointRow> foreign = foreign(id);
        if (foreign.isPresent()) {
            return views.endpoint(foreign.filter(endpoint -> endpoint.name().equals(name)).orElseThrow(() -> noEndpoint(id, name)));
        }
        return store.run(tables -> {
            Runtimes.existing(tables.runtime(id), id);
            return views.endpoint(tables.endpoint(id, name).orElseThrow(() -> noEndpoint(id, name)));
        });
    }

    JsonObject list(JsonObject input) {
        String id = input.getString("agentRuntimeId");
        List<EndpointRow> all = foreign(id).map(List::of).orElseGet(() -> store.run(tables -> {
            Runtimes.existing(tables.runtime(id), id);
            return tables.endpoints(id).stream().sorted(Comparator.comparing(EndpointRow::name)).toList();
        }));
        Page<EndpointRow> page = Page.of("endpoints " + id, all, EndpointRow::name, input);
        return Views.list("runtimeEndpoints", page.items().stream().map(views::endpoint).toList(), page.next());
    }

    /** The one endpoint that an agent runtime of server.xml or of the drop-in folder has. */
    private Optional<EndpointRow> foreign(String id) {
        return readOnly.find(id).map(view -> new EndpointRow(id, EndpointRow.DEFAULT, Status.valueOf(view.status().name()), "", "",
                view.status() == AgentRuntimeView.Status.READY ? Optional.of(1) : Optional.empty(), 1,
                readOnly.since(id), readOnly.since(id)));
    }

    private static ControlException noEndpoint(String id, String name) {
        return new ControlException(Kind.NOT_FOUND, "Agent runtime " + id + " has no endpoint " + name + ".");
    }

    private Instant now() {
        return Sql.storable(clock.instant());
    }
}
