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
 * @param maxSessions that may have a VM at the same time
 * @param maxSessionsPerSubject that may have a VM at the same time and are of one caller
 * @param agents      what agents say instead, by the agent's name
 */
public record SessionSettings(Limits limits, int maxSessions, int maxSessionsPerSubject, Map<String, Overrides> agents) {

    private static final Duration SECOND = Duration.ofSeconds(1);

    /**
     * What an agent says instead of the platform.
     *
     * @param idleTimeout instead of the platform's
     * @param maxLifetime instead of the platform's
     * @param pauseAfter  instead of the platform's
     */
    public record Overrides(Optional<Duration> idleTimeout, Optional<Duration> maxLifetime, Optional<Duration> pauseAfter) {

        private static final Overrides NONE = new Overrides(Optional.empty(), Optional.empty(), Optional.empty());

        private static Overrides read(Attributes agent) {
            return new Overrides(agent.duration("idleTimeout", SECOND), agent.duration("maxLifetime", SECOND),
                    agent.duration("pauseAfter", Duration.ZERO));
        }

        private void describe(Effective agent) {
            idleTimeout.ifPresent(timeout -> agent.add("idleTimeout", timeout));
            maxLifetime.ifPresent(lifetime -> agent.add("maxLifetime", lifetime));
            pauseAfter.ifPresent(pause -> agent.add("pauseAfter", pause));
        }
    }

    public SessionSettings {
        agents = Map.copyOf(agents);
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
                        own.duration("pauseAfter", Duration.ofSeconds(2), Duration.ZERO)),
                own.whole("maxSessions", 200, 1, 100_000), own.whole("maxSessionsPerSubject", 100, 1, 100_000), agents);
    }

    /** Adds these settings to the configuration in force. */
    public void describe(Effective effective) {
        effective.add("idleTimeout", limits.idleTimeout()).add("maxLifetime", limits.maxLifetime())
                .add("startTimeout", limits.startTimeout()).add("pauseAfter", limits.pauseAfter())
                .add("maxSessions", maxSessions).add("maxSessionsPerSubject", maxSessionsPerSubject);
        agents.forEach((name, agent) -> {
            if (!agent.equals(Overrides.NONE)) {
                agent.describe(effective.nested("agent", name));
            }
        });
    }

    /** The limits of sessions of an agent. */
    public Limits limits(String runtime) {
        Overrides agent = agents.getOrDefault(runtime, Overrides.NONE);
        return new Limits(
                agent.idleTimeout().orElse(limits.idleTimeout()), agent.maxLifetime().orElse(limits.maxLifetime()),
                limits.startTimeout(), agent.pauseAfter().orElse(limits.pauseAfter()));
    }
}
