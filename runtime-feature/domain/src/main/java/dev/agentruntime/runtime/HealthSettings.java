package dev.agentruntime.runtime;

import dev.agentruntime.api.PingPolicy;
import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import java.time.Duration;

/**
 * How health is found out.
 *
 * @param pings how agents are asked how they are
 */
public record HealthSettings(PingPolicy pings) {

    private static final Duration SHORTEST = Duration.ofMillis(100);

    /** Reads the attributes that health has of {@code <agentRuntime>}. */
    public static HealthSettings read(Attributes own) {
        return new HealthSettings(new PingPolicy(
                own.duration("pingInterval", Duration.ofSeconds(5), SHORTEST),
                own.duration("pingTimeout", Duration.ofSeconds(15), SHORTEST)));
    }

    /** Adds these settings to the configuration in force. */
    public void describe(Effective effective) {
        effective.add("pingInterval", pings.interval()).add("pingTimeout", pings.timeout());
    }
}
