package dev.agentruntime.runtime;

import dev.agentruntime.api.RequestException;
import java.util.Collection;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** The agent runtimes: those configured and those of the drop-in folder; the configured one where a name is in both. */
final class Registry {

    private static final Logger LOG = Logger.getLogger(Registry.class.getName());

    private enum Progress { NEVER_LOOKED, LOOKED }

    private final Environment environment;
    private final VersionMaker maker;
    private final WarFolder dropins = new WarFolder();
    private final NavigableMap<String, AgentRuntime> runtimes = new ConcurrentSkipListMap<>();
    private volatile Progress progress = Progress.NEVER_LOOKED;

    Registry(Environment environment, VersionMaker maker) {
        this.environment = environment;
        this.maker = maker;
    }

    /** NOT_FOUND when there is none. */
    AgentRuntime find(String name) {
        return Optional.ofNullable(runtimes.get(name)).orElseThrow(() -> new RequestException(
                RequestException.Kind.NOT_FOUND, "There is no agent runtime " + name + "."));
    }

    Collection<AgentRuntime> all() {
        return runtimes.values();
    }

    /** Whether each has become ready or failed once. */
    boolean started() {
        return progress == Progress.LOOKED && runtimes.values().stream().allMatch(AgentRuntime::tried);
    }

    /** Adds, changes and removes what the configuration and the drop-in folder say. Reads the folder. */
    synchronized void reconcile() {
        Map<String, AgentConfig> wanted = wanted(environment.config().get());
        wanted.forEach((name, agent) ->
                runtimes.computeIfAbsent(name, unknown -> new AgentRuntime(environment, maker, agent)).configure(agent));
        runtimes.forEach((name, runtime) -> {
            if (!wanted.containsKey(name)) {
                runtimes.remove(name);
                runtime.remove();
                Message.AGENT_REMOVED.log(LOG, name);
            }
        });
    }

    /** Begins to make ready what is new. */
    synchronized void look() {
        runtimes.values().forEach(AgentRuntime::look);
        progress = Progress.LOOKED;
    }

    private Stream<VmPool> pools() {
        return runtimes.values().stream().flatMap(runtime -> runtime.pool().stream());
    }

    void tickPools() {
        pools().forEach(VmPool::tick);
    }

    /** Makes room: destroys every VM that waits for a session and answers how many those were. Blocks for seconds. */
    int emptyPools() {
        return pools().mapToInt(VmPool::empty).sum();
    }

    void closePools() {
        pools().forEach(VmPool::close);
    }

    private Map<String, AgentConfig> wanted(PlatformConfig config) {
        Map<String, AgentConfig> wanted = new TreeMap<>();
        dropins.list(config.dropins()).forEach((name, war) -> wanted.put(name, new AgentConfig(
                name, war, config.dropinMemoryBytes(), 1, Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Sharing.VERSION)));
        config.agents().forEach(agent -> wanted.put(agent.name(), agent));
        return wanted;
    }
}
