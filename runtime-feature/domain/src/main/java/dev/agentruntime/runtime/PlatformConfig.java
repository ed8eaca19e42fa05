package dev.agentruntime.runtime;

import dev.agentruntime.agents.AgentConfig;
import dev.agentruntime.agents.AgentSettings;
import dev.agentruntime.agents.PoolBounds;
import dev.agentruntime.api.PingPolicy;
import dev.agentruntime.spi.DriverSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The platform's configuration, validated.
 *
 * @param idleTimeout  without work, until a session is ended
 * @param maxLifetime  of a session, busy or not
 * @param startTimeout from a session's first request until its VM must serve, the making ready of its agent included
 * @param maxSessions  that may have a VM at the same time
 * @param pauseAfter   without work, until a session's VM is paused; zero for never
 * @param pool         how many VMs of each agent wait for sessions
 * @param pings        how agents are asked how they are
 * @param tenantClaim  the claim of a token that names its caller's tenant
 * @param driver       what the driver is opened with; changes need a restart
 * @param copies       folder, this server's alone, where WARs are copied before they are used; changes need a restart
 * @param dropins      folder whose WARs become agent runtimes
 * @param dropinMemoryBytes memory of a guest whose agent came from the drop-in folder
 * @param agents       configured agent runtimes, names unique
 */
public record PlatformConfig(
        Duration idleTimeout, Duration maxLifetime, Duration startTimeout, int maxSessions, Duration pauseAfter,
        PoolBounds pool, PingPolicy pings, String tenantClaim, DriverSettings driver, Path copies, Path dropins,
        long dropinMemoryBytes, List<AgentConfig> agents) {

    public PlatformConfig {
        agents = List.copyOf(agents);
    }

    /** The same but for the driver's settings. */
    PlatformConfig withDriver(DriverSettings settings) {
        return new PlatformConfig(idleTimeout, maxLifetime, startTimeout, maxSessions, pauseAfter, pool, pings,
                tenantClaim, settings, copies, dropins, dropinMemoryBytes, agents);
    }

    Limits limits(String runtime) {
        Optional<AgentConfig> agent = agent(runtime);
        return new Limits(
                agent.flatMap(AgentConfig::idleTimeout).orElse(idleTimeout),
                agent.flatMap(AgentConfig::maxLifetime).orElse(maxLifetime), startTimeout,
                agent.flatMap(AgentConfig::pauseAfter).orElse(pauseAfter));
    }

    AgentSettings agentSettings() {
        return new AgentSettings(pool, dropins, dropinMemoryBytes, agents);
    }

    private Optional<AgentConfig> agent(String runtime) {
        return agents.stream().filter(agent -> agent.name().equals(runtime)).findFirst();
    }
}
