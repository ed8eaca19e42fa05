package dev.agentruntime.agents;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import dev.agentruntime.spi.AgentPaths;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the configuration says of agents.
 *
 * @param pool               how many VMs of each agent wait for sessions
 * @param dropins            folder whose artifacts become agent runtimes
 * @param dropinMemoryBytes  memory of a guest whose agent came from the drop-in folder
 * @param agents             configured agent runtimes, names unique
 * @param environments       what sessions begin with, by the names of configured agent runtimes
 * @param copies             folder, this server's alone, where artifacts are copied before they are used; changes need a restart
 */
public record AgentSettings(PoolBounds pool, Path dropins, long dropinMemoryBytes, List<AgentConfig> agents,
        Map<String, Environment> environments, Path copies) {

    public AgentSettings {
        agents = List.copyOf(agents);
        environments = Map.copyOf(environments);
    }

    /** Without variables for any agent. */
    public AgentSettings(PoolBounds pool, Path dropins, long dropinMemoryBytes, List<AgentConfig> agents, Path copies) {
        this(pool, dropins, dropinMemoryBytes, agents, Map.of(), copies);
    }

    /**
     * Reads the attributes that agents have of {@code <agentRuntime>} and its {@code <agent>} elements. An agent with a wrong name
     * or location is left out.
     *
     * @param serverDirectory where this server keeps files of its own
     */
    public static AgentSettings read(Attributes own, Path serverDirectory) {
        Path directory = own.path("agentsDirectory", Path.of("agents"));
        PoolBounds pool = PoolBounds.read(own, new PoolBounds(1, 4));
        return new AgentSettings(pool, own.path("dropins", directory.resolve("dropins")), AgentElements.memory(own, "dropinMemory"),
                AgentElements.read(own, directory, pool), EnvironmentElements.read(own), serverDirectory.resolve("wars"));
    }

    /** The same with other agents beside those that are configured. */
    AgentSettings with(Collection<AgentConfig> others) {
        return new AgentSettings(pool, dropins, dropinMemoryBytes, Stream.concat(agents.stream(), others.stream()).toList(),
                environments, copies);
    }

    /** Adds these settings to the configuration in force. */
    public void describe(Effective effective) {
        effective.add("poolMin", pool.min()).add("poolMax", pool.max())
                .add("dropins", dropins).addBytes("dropinMemory", dropinMemoryBytes);
        agents.forEach(agent -> {
            Effective nested = effective.nested("agent", agent.name());
            describe(agent, nested);
            environment(agent.name()).describe(nested);
        });
    }

    private static void describe(AgentConfig agent, Effective effective) {
        effective.add("location", agent.location()).addBytes("memory", agent.memoryBytes()).add("vcpus", agent.vcpus());
        agent.pool().ifPresent(bounds -> effective.add("poolMin", bounds.min()).add("poolMax", bounds.max()));
        effective.add("sharing", agent.sharing().name().toLowerCase(Locale.ROOT));
        if (!agent.paths().equals(AgentPaths.STANDARD)) {
            effective.add("pingPath", agent.paths().ping()).add("invocationsPath", agent.paths().invocations());
        }
        if (agent.passesToken()) {
            effective.add("passToken", true);
        }
        if (!agent.features().isEmpty()) {
            effective.add("features", String.join(",", agent.features()));
        }
    }

    /** The agent runtime's own bounds, or the platform's. A tenant's VM cannot be made ahead, so the pool stays empty there. */
    PoolBounds pool(String runtime) {
        if (sharing(runtime) == Sharing.TENANT) {
            return new PoolBounds(0, 0);
        }
        return agent(runtime).flatMap(AgentConfig::pool).orElse(pool);
    }

    /** What sessions of the agent runtime begin with. */
    public Environment environment(String runtime) {
        return environments.getOrDefault(runtime, Environment.NONE);
    }

    /** The agent runtime's own setting; agents of the drop-in folder have the default. */
    Sharing sharing(String runtime) {
        return agent(runtime).map(AgentConfig::sharing).orElse(Sharing.VERSION);
    }

    /** The agent runtime's own setting; agents of the drop-in folder see no tokens. */
    boolean passesToken(String runtime) {
        return agent(runtime).map(AgentConfig::passesToken).orElse(false);
    }

    /** The same for a session of an earlier run: {@code before} counts where a room has offered the agent, or it is not there any more. */
    boolean passesToken(String runtime, boolean before) {
        return agent(runtime).filter(agent -> agent.terms().isEmpty()).map(AgentConfig::passesToken).orElse(before);
    }

    /** The agent runtime, where a room has offered it. */
    Optional<AgentConfig> offered(String runtime) {
        return agent(runtime).filter(agent -> agent.terms().isPresent());
    }

    private Optional<AgentConfig> agent(String runtime) {
        return agents.stream().filter(agent -> agent.name().equals(runtime)).findFirst();
    }
}
