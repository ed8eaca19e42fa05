package dev.agentruntime.sessions;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How long sessions may last, and how many there may be.
 *
 * @param limits      of sessions whose agent says nothing else
 * @param quotas      of sessions and requests
 * @param hibernationDisk what all sessions on the disk may take, in bytes
 * @param commands    who may run commands in their VMs
 * @param agents      what agents say instead, by the agent's name
 * @param stopping    how the server's stop goes for them
 */
public record SessionSettings(Limits limits, Quotas quotas, Commands commands, long hibernationDisk, Map<String, Overrides> agents, Stopping stopping) {

    /** What sessions may take on the disk where nothing is said. */
    public static final long USUAL_DISK = 10L << 30;

    private static final long LARGEST_DISK = 100L << 40;

    private static final Duration SECOND = Duration.ofSeconds(1);

    /**
     * What an agent says instead of the platform.
     *
     * @param idleTimeout instead of the platform's
     * @param maxLifetime instead of the platform's
     * @param pauseAfter  instead of the platform's
     * @param hibernateAfter instead of the platform's
     * @param maxSessions of it instead of the platform's for one agent
     * @param commands    instead of the platform's
     */
    public record Overrides(Optional<Duration> idleTimeout, Optional<Duration> maxLifetime, Optional<Duration> pauseAfter,
            Optional<Duration> hibernateAfter, Optional<Integer> maxSessions, Optional<Commands> commands) {

        private static final Overrides NONE = new Overrides(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        /** One that leaves commands and hibernation to the platform. */
        public Overrides(Optional<Duration> idleTimeout, Optional<Duration> maxLifetime, Optional<Duration> pauseAfter,
                Optional<Integer> maxSessions) {
            this(idleTimeout, maxLifetime, pauseAfter, Optional.empty(), maxSessions, Optional.empty());
        }

        private static Overrides read(Attributes agent) {
            return new Overrides(agent.duration("idleTimeout", SECOND), agent.duration("maxLifetime", SECOND),
                    agent.duration("pauseAfter", Duration.ZERO), agent.duration("hibernateAfter", Duration.ZERO),
                    agent.whole("maxSessions", 1, Quotas.MOST_SESSIONS), Commands.read(agent));
        }

        private void describe(Effective agent) {
            idleTimeout.ifPresent(timeout -> agent.add("idleTimeout", timeout));
            maxLifetime.ifPresent(lifetime -> agent.add("maxLifetime", lifetime));
            pauseAfter.ifPresent(pause -> agent.add("pauseAfter", pause));
            hibernateAfter.ifPresent(rest -> agent.add("hibernateAfter", rest));
            maxSessions.ifPresent(most -> agent.add("maxSessions", most));
            commands.ifPresent(who -> agent.add("commands", who.word()));
        }
    }

    public SessionSettings {
        agents = Map.copyOf(agents);
    }

    /** With commands for those only who have a right to them, the usual room on the disk, and no grace for requests when the server stops. */
    public SessionSettings(Limits limits, Quotas quotas, Map<String, Overrides> agents, OnStop onStop) {
        this(limits, quotas, Commands.ENTITLED, USUAL_DISK, agents, Stopping.atOnce(onStop));
    }

    /** The same, of sessions that end with the server. */
    public SessionSettings(Limits limits, Quotas quotas, Map<String, Overrides> agents) {
        this(limits, quotas, agents, OnStop.END);
    }

    /** Reads the attributes that sessions have of {@code <agentRuntime>} and its {@code <agent>} elements. */
    public static SessionSettings read(Attributes own) {
        Map<String, Overrides> agents = new LinkedHashMap<>();
        own.nested("agent").forEach(agent -> agents.putIfAbsent(agent.text("name", ""), Overrides.read(agent)));
        return new SessionSettings(
                new Limits(
                        own.duration("idleTimeout", Duration.ofMinutes(15), SECOND),
                        own.duration("maxLifetime", Duration.ofHours(8), SECOND),
                        own.duration("startTimeout", Duration.ofMinutes(5), SECOND),
                        own.duration("pauseAfter", Duration.ofSeconds(2), Duration.ZERO),
                        own.duration("hypervisorTimeout", Duration.ofSeconds(20), SECOND),
                        own.duration("hibernateAfter", Duration.ZERO, Duration.ZERO)),
                Quotas.read(own), Commands.read(own).orElse(Commands.ENTITLED), own.bytes("hibernationDisk", USUAL_DISK, 0, LARGEST_DISK), agents,
                Stopping.read(own));
    }

    /** Adds these settings to the configuration in force. */
    public void describe(Effective effective) {
        effective.add("idleTimeout", limits.idleTimeout()).add("maxLifetime", limits.maxLifetime())
                .add("startTimeout", limits.startTimeout()).add("pauseAfter", limits.pauseAfter())
                .add("hypervisorTimeout", limits.hypervisorTimeout())
                .add("hibernateAfter", limits.hibernateAfter()).addBytes("hibernationDisk", hibernationDisk);
        stopping.describe(effective);
        quotas.describe(effective);
        effective.add("commands", commands.word());
        agents.forEach((name, agent) -> {
            if (!agent.equals(Overrides.NONE)) {
                agent.describe(effective.nested("agent", name));
            }
        });
    }

    /** How many sessions of an agent may have a VM at the same time; empty where that has no bound of its own. */
    Optional<Integer> mostSessions(String runtime) {
        return agents.getOrDefault(runtime, Overrides.NONE).maxSessions().or(quotas::sessionsPerAgent);
    }

    /** Who may run commands in the VMs of an agent; where a room has made it, the platform's setting counts. */
    Commands commands(String runtime) {
        return agents.getOrDefault(runtime, Overrides.NONE).commands().orElse(commands);
    }

    /** The limits of sessions of an agent. */
    public Limits limits(String runtime) {
        Overrides agent = agents.getOrDefault(runtime, Overrides.NONE);
        return new Limits(
                agent.idleTimeout().orElse(limits.idleTimeout()), agent.maxLifetime().orElse(limits.maxLifetime()),
                limits.startTimeout(), agent.pauseAfter().orElse(limits.pauseAfter()), limits.hypervisorTimeout(),
                agent.hibernateAfter().orElse(limits.hibernateAfter()));
    }
}
