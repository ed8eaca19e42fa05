package dev.agentruntime.agents;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the configuration says of agents.
 *
 * @param pool               how many VMs of each agent wait for sessions
 * @param dropins            folder whose artifacts become agent runtimes
 * @param dropinMemoryBytes  memory of a guest whose agent came from the drop-in folder
 * @param agents             configured agent runtimes, names unique
 */
public record AgentSettings(PoolBounds pool, Path dropins, long dropinMemoryBytes, List<AgentConfig> agents) {

    public AgentSettings {
        agents = List.copyOf(agents);
    }

    /** The agent runtime's own bounds, or the platform's. A tenant's VM cannot be made ahead, so the pool stays empty there. */
    PoolBounds pool(String runtime) {
        if (sharing(runtime) == Sharing.TENANT) {
            return new PoolBounds(0, 0);
        }
        return agent(runtime).flatMap(AgentConfig::pool).orElse(pool);
    }

    /** The agent runtime's own setting; agents of the drop-in folder have the default. */
    Sharing sharing(String runtime) {
        return agent(runtime).map(AgentConfig::sharing).orElse(Sharing.VERSION);
    }

    private Optional<AgentConfig> agent(String runtime) {
        return agents.stream().filter(agent -> agent.name().equals(runtime)).findFirst();
    }
}
