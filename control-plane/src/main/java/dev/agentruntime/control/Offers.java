package dev.agentruntime.control;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.spi.AgentOffers;
import dev.agentruntime.spi.OfferedAgent;
import jakarta.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The versions that are to be prepared and that endpoints lead to, as the database last had them. Thread-safe. */
final class Offers implements AgentOffers {

    /** @param endpoints by runtime, then by name */
    private record Known(List<OfferedAgent> agents, Map<String, Map<String, EndpointRow>> endpoints,
            Map<String, Map<String, String>> environments) {}

    private final ControlStore store;
    private final Artifacts artifacts;
    private final Supplier<ControlSettings> settings;
    private volatile Optional<Known> known = Optional.empty();

    Offers(ControlStore store, Artifacts artifacts, Supplier<ControlSettings> settings) {
        this.store = store;
        this.artifacts = artifacts;
        this.settings = settings;
    }

    /** Reads them anew. Blocks on the database. */
    synchronized void refresh() {
        known = Optional.of(store.run(tables -> {
            Map<String, Map<String, EndpointRow>> endpoints = new HashMap<>();
            tables.endpoints().forEach(row -> endpoints.computeIfAbsent(row.runtime(), runtime -> new HashMap<>()).put(row.name(), row));
            tables.runtimes().stream().filter(runtime -> runtime.status() == Status.DELETING)
                    .forEach(runtime -> endpoints.remove(runtime.id()));
            List<VersionRow> needed = tables.neededVersions();
            Map<String, Map<String, String>> environments = new HashMap<>();
            needed.forEach(version -> environments.put(AgentName.of(version.runtime(), version.number()), environment(version)));
            return new Known(needed.stream().map(this::agent).toList(), endpoints, environments);
        }));
    }

    private static Map<String, String> environment(VersionRow version) {
        return version.settings().get("environmentVariables") instanceof JsonObject variables
                ? Map.copyOf(Runtimes.texts(variables)) : Map.of();
    }

    private OfferedAgent agent(VersionRow version) {
        ServedAs served = ServedAs.of(version.settings(), settings.get().memoryBytes());
        return new OfferedAgent(AgentName.of(version.runtime(), version.number()), artifacts.file(version.digest()),
                served.memoryBytes(), served.paths(), served.passesToken(), served.idleTimeout(), served.maxLifetime());
    }

    @Override
    public Optional<List<OfferedAgent>> offered() {
        return known.map(Known::agents);
    }

    @Override
    public Optional<String> serving(String runtime, String qualifier) {
        Optional<Map<String, EndpointRow>> endpoints = known.map(all -> all.endpoints().get(runtime));
        if (endpoints.isEmpty()) {
            return Optional.empty();
        }
        String name = qualifier.isEmpty() ? EndpointRow.DEFAULT : qualifier;
        EndpointRow endpoint = Optional.ofNullable(endpoints.get().get(name)).orElseThrow(() -> new RequestException(
                RequestException.Kind.NOT_FOUND, "Agent runtime " + runtime + " has no endpoint " + name + "."));
        return Optional.of(AgentName.of(runtime, endpoint.live().orElse(endpoint.target())));
    }

    /** What sessions on this agent begin with; empty where it is none of these. */
    Map<String, String> environment(String agent) {
        return known.map(all -> all.environments().getOrDefault(agent, Map.of())).orElse(Map.of());
    }
}
