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
    private volatile Optional<Joined> joined = Optional.empty();

    /** Settings with what is offered, for as long as both stay the same. */
    private record Joined(AgentSettings configured, Map<String, AgentConfig> offered, AgentSettings all) {}

    /** @param rooms those there are now */
    OfferedAgents(Supplier<List<AgentOffers>> rooms) {
        this.rooms = rooms;
    }

    @Override
    public Map<String, AgentConfig> agents() {
        Map<String, AgentConfig> agents = new TreeMap<>();
        rooms.get().forEach(room -> room.offered().orElse(List.of()).forEach(agent -> agents.put(agent.name(), config(agent))));
        if (!agents.equals(seen)) {
            seen = Map.copyOf(agents);
        }
        return agents;
    }

    private static AgentConfig config(OfferedAgent agent) {
        return new AgentConfig(agent.name(), agent.location(), agent.memoryBytes(), VCPUS, Optional.empty(), Sharing.VERSION,
                agent.paths(), agent.passesToken(), List.of(), Optional.of(SessionTerms.of(agent)));
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
        Map<String, AgentConfig> offers = seen;
        if (offers.isEmpty()) {
            return settings;
        }
        Optional<Joined> kept = joined.filter(one -> one.configured() == settings && one.offered() == offers);
        Joined now = kept.orElseGet(() -> new Joined(settings, offers, settings.with(offers.values())));
        joined = Optional.of(now);
        return now.all();
    }

    /** Whether a room offers an agent of this name, which callers do not begin sessions on by that name. */
    boolean isOffered(String agent) {
        return seen.containsKey(agent);
    }

    /** The runtime that callers mean by another of its names. */
    Optional<String> meant(String given) {
        return rooms.get().stream().flatMap(room -> room.meant(given).stream()).findFirst();
    }

    /** The agent on which a session begins now; empty where no room has the runtime. */
    Optional<String> serving(String runtime, String qualifier) {
        return rooms.get().stream().flatMap(room -> room.serving(runtime, qualifier).stream()).findFirst();
    }
}
