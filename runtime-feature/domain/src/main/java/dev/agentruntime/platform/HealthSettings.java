package dev.agentruntime.platform;

import dev.agentruntime.api.PingPolicy;
import dev.agentruntime.api.ReadyWhen;
import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import java.time.Duration;
import java.util.List;

/**
 * How health is found out.
 *
 * @param pings     how agents are asked how they are
 * @param readyWhen what it takes for the server to be ready
 */
public record HealthSettings(PingPolicy pings, ReadyWhen readyWhen) {

    private static final Duration SHORTEST = Duration.ofMillis(100);

    /** Reads the attributes that health has of {@code <agentRuntime>}. */
    public static HealthSettings read(Attributes own) {
        return new HealthSettings(new PingPolicy(
                own.duration("pingInterval", Duration.ofSeconds(5), SHORTEST),
                own.duration("pingTimeout", Duration.ofSeconds(15), SHORTEST)),
                own.oneOf("readyWhen", "started", List.of("started", "allAgents")).equals("allAgents")
                        ? ReadyWhen.ALL_AGENTS : ReadyWhen.STARTED);
    }

    /** Adds these settings to the configuration in force. */
    public void describe(Effective effective) {
        effective.add("pingInterval", pings.interval()).add("pingTimeout", pings.timeout())
                .add("readyWhen", readyWhen == ReadyWhen.ALL_AGENTS ? "allAgents" : "started");
    }
}
