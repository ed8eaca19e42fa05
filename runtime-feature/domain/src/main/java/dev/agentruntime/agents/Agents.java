package dev.agentruntime.agents;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.PlatformListener;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.spi.VmDriver;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * The agent runtimes: those configured and those of the drop-in folder; the configured one where a name is in both. Its
 * owner calls {@link #tick()} once a second. Thread-safe; nothing blocks but {@link #makeRoom}.
 */
public final class Agents {

    private static final Logger LOG = Logger.getLogger(Agents.class.getName());

    private enum Progress { NOT_BEGUN, BEGUN, LOOKED, STARTED }

    private final AgentContext context;
    private final WarStore wars;
    private final VersionMaker maker;
    private final WarFolder dropins = new WarFolder();
    private final NavigableMap<String, AgentRuntime> runtimes = new ConcurrentSkipListMap<>();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile Map<String, Path> droppedIn = Map.of();
    private volatile Progress progress = Progress.NOT_BEGUN;

    /**
     * @param copies    folder, this server's alone, where artifacts are copied before they are used
     * @param settings  as they are now
     * @param listeners passes an event to every listener
     */
    public Agents(VmDriver driver, Path copies, Supplier<AgentSettings> settings, Clock clock, AgentExecutors executors,
            Consumer<Consumer<PlatformListener>> listeners) {
        FillSlots slots = new FillSlots(Runtime.getRuntime().availableProcessors());
        this.context = new AgentContext(clock, executors, settings, listeners, slots);
        this.wars = new WarStore(copies);
        this.maker = new VersionMaker(context, driver, wars);
        reconcile();
    }

    /** From now on agents are made ready: what an earlier run of this server left at the hypervisor is gone. */
    public void begin() {
        progress = progress == Progress.NOT_BEGUN ? Progress.BEGUN : progress;
    }

    /** Looks for changed artifacts, fills pools, and tries again what failed. */
    public void tick() {
        if (looking.compareAndSet(false, true)) {
            context.executors().files().execute(this::look);
        }
        started();
        if (progress != Progress.NOT_BEGUN) {
            pools().forEach(VmPool::tick);
        }
    }

    /** Takes changed settings. */
    public void update() {
        reconcile();
    }

    /** Throws NOT_FOUND when there is no agent runtime of this name. */
    public void check(String name) {
        find(name);
    }

    /**
     * A hold on the version of {@code name} that serves. While that is being made ready, the stage waits for it. Fails with
     * RequestException.
     */
    public CompletionStage<AgentLease> lease(String name) {
        try {
            return find(name).lease();
        } catch (RequestException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Every agent runtime, by name. */
    public List<AgentRuntimeView> views(ToIntFunction<String> liveSessions) {
        return runtimes.values().stream().map(runtime -> runtime.view(liveSessions.applyAsInt(runtime.name()))).toList();
    }

    /** Throws NOT_FOUND when there is no agent runtime of this name. */
    public AgentRuntimeView view(String name, ToIntFunction<String> liveSessions) {
        return find(name).view(liveSessions.applyAsInt(name));
    }

    /** Whether every agent runtime has become ready or failed once. It stays so when agents are added later. */
    public boolean started() {
        if (progress == Progress.LOOKED && runtimes.values().stream().allMatch(AgentRuntime::tried)) {
            progress = Progress.STARTED;
        }
        return progress == Progress.STARTED;
    }

    /**
     * Destroys VMs that wait for sessions, so that a session that finds no room can start. Blocks for seconds.
     *
     * @param bytes how much memory is missing
     * @return how many VMs were destroyed
     */
    public int makeRoom(long bytes) {
        return pools().mapToInt(VmPool::empty).sum();
    }

    /** Destroys the VMs that wait for sessions, in the background. */
    public void close() {
        pools().forEach(VmPool::close);
    }

    private AgentRuntime find(String name) {
        return Optional.ofNullable(runtimes.get(name)).orElseThrow(() -> new RequestException(
                RequestException.Kind.NOT_FOUND, "There is no agent runtime " + name + "."));
    }

    private Stream<VmPool> pools() {
        return runtimes.values().stream().flatMap(runtime -> runtime.pool().stream());
    }

    private void look() {
        try {
            Progress before = progress;
            droppedIn = dropins.list(context.settings().get().dropins());
            reconcile();
            if (before == Progress.BEGUN) {
                wars.empty();
            }
            if (before != Progress.NOT_BEGUN) {
                runtimes.values().forEach(AgentRuntime::look);
                progress = progress == Progress.BEGUN ? Progress.LOOKED : progress;
            }
        } catch (RuntimeException e) {
            AgentMessage.UNEXPECTED.log(LOG, e, "looking for artifacts", e.toString());
        } finally {
            looking.set(false);
        }
    }

    /** Adds, changes and removes what the configuration and the drop-in folder say. */
    private synchronized void reconcile() {
        Map<String, AgentConfig> wanted = wanted(context.settings().get());
        wanted.forEach((name, agent) ->
                runtimes.computeIfAbsent(name, unknown -> new AgentRuntime(context, maker, agent)).configure(agent));
        runtimes.forEach((name, runtime) -> {
            if (!wanted.containsKey(name)) {
                runtimes.remove(name);
                runtime.remove();
                AgentMessage.REMOVED.log(LOG, name);
            }
        });
    }

    private Map<String, AgentConfig> wanted(AgentSettings settings) {
        Map<String, AgentConfig> wanted = new TreeMap<>();
        droppedIn.forEach((name, war) -> wanted.put(name, new AgentConfig(
                name, war, settings.dropinMemoryBytes(), 1, Optional.empty(), Sharing.VERSION)));
        settings.agents().forEach(agent -> wanted.put(agent.name(), agent));
        return wanted;
    }
}
