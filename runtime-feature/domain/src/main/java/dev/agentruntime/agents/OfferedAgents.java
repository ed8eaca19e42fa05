package dev.agentruntime.agents;

import dev.agentruntime.spi.AgentOffers;
import dev.agentruntime.spi.OfferedAgent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The agents that other rooms offer, such as versions that were made through the control API. */
final class OfferedAgents implements AgentSource {

    private static final int VCPUS = 1;

    private final Supplier<List<AgentOffers>> rooms;
    private volatile Map<String, AgentConfig> seen = Map.of();

    /** @param rooms those there are now */
    OfferedAgents(Supplier<List<AgentOffers>> rooms) {
        this.rooms = rooms;
    }

    @Override
    public Map<String, AgentConfig> agents() {
        Map<String, AgentConfig> agents = new TreeMap<>();
        rooms.get().forEach(room -> room.offered().orElse(List.of()).forEach(agent -> agents.put(agent.name(), config(agent))));
        seen = Map.copyOf(agents);
        return agents;
    }

    private static AgentConfig config(OfferedAgent agent) {
        return new AgentConfig(agent.name(), agent.location(), agent.memoryBytes(), VCPUS, Optional.empty(), Sharing.VERSION,
                agent.paths(), agent.passesToken(), List.of(), new Lifetimes(Optional.of(agent.idleTimeout()), Optional.of(agent.maxLifetime())));
    }

    @Override
    public boolean known() {
        return rooms.get().stream().allMatch(room -> room.offered().isPresent());
    }

    /** Whether others are offered than were when they were last asked for. */
    boolean changed() {
        Map<String, AgentConfig> before = seen;
        return !agents().equals(before);
    }

    /** The settings with those that were last asked for among the configured ones, so that they are treated as these are. */
    AgentSettings with(AgentSettings settings) {
        return seen.isEmpty() ? settings : settings.with(seen.values());
    }

    /** The agent on which a session begins now; empty where no room has the runtime. */
    Optional<String> serving(String runtime, String qualifier) {
        return rooms.get().stream().flatMap(room -> room.serving(runtime, qualifier).stream()).findFirst();
    }
}
