package dev.agentruntime.agents;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Causes;
import dev.agentruntime.api.PlatformListener;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.spi.AgentOffers;
import dev.agentruntime.spi.AgentPaths;
import dev.agentruntime.spi.VmDriver;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * The agent runtimes: those configured, those of the drop-in folder, and those that rooms offer; the configured one where a name is
 * in two of them. Its
 * owner calls {@link #tick()} once a second. Thread-safe; nothing blocks but {@link #makeRoom}.
 */
public final class Agents {

    private static final Logger LOG = Logger.getLogger(Agents.class.getName());

    private static final String STANDARD_ENDPOINT = "DEFAULT";

    private enum Progress { NOT_BEGUN, BEGUN, STARTED }

    private final AgentContext context;
    private final ArtifactStore artifacts;
    private final VersionMaker maker;
    private final FileChecks checks;
    /** Where a name is in several, the last one counts. */
    private final List<AgentSource> sources;
    private final NavigableMap<String, AgentRuntime> runtimes = new ConcurrentSkipListMap<>();
    private final OfferedAgents offered;
    private final AtomicReference<Progress> progress = new AtomicReference<>(Progress.NOT_BEGUN);

    /**
     * @param copies    folder, this server's alone, where artifacts are copied before they are used
     * @param settings  as they are now
     * @param listeners passes an event to every listener
     * @param offers    the rooms there are now that offer agents
     */
    public Agents(VmDriver driver, Path copies, Supplier<AgentSettings> settings, Clock clock, AgentExecutors executors,
            Consumer<Consumer<PlatformListener>> listeners, Supplier<List<AgentOffers>> offers) {
        this(driver, copies, settings, clock, executors, listeners, offers, System::nanoTime);
    }

    /** @param nanos as {@link System#nanoTime()} */
    Agents(VmDriver driver, Path copies, Supplier<AgentSettings> settings, Clock clock, AgentExecutors executors,
            Consumer<Consumer<PlatformListener>> listeners, Supplier<List<AgentOffers>> offers, LongSupplier nanos) {
        this.offered = new OfferedAgents(offers);
        this.context = new AgentContext(clock, executors, () -> offered.with(settings.get()), listeners,
                new FillSlots(Runtime.getRuntime().availableProcessors()), new VmDisposal(clock, executors.ends(), listeners));
        this.artifacts = new ArtifactStore(copies, executors.ends());
        this.maker = new VersionMaker(context, driver);
        this.checks = new FileChecks(executors.files(), nanos);
        this.sources = List.of(new DropinFolder(settings, this::update), new ConfiguredAgents(settings), offered);
        update();
    }

    /** From now on agents are prepared: what an earlier run of this server left at the hypervisor is gone. */
    public void begin() {
        progress.compareAndSet(Progress.NOT_BEGUN, Progress.BEGUN);
    }

    /** Checks for changed artifacts, fills pools, and tries again what failed. */
    public void tick() {
        if (offered.changed()) {
            update();
        }
        boolean begun = progress.get() != Progress.NOT_BEGUN;
        checks.tick(sources.stream().flatMap(source -> source.checks().stream()).toList(),
                () -> begun ? List.copyOf(runtimes.values()) : List.of());
        runtimes.values().forEach(AgentRuntime::tick);
        if (begun) {
            pools().forEach(VmPool::tick);
        }
        context.disposal().tick();
        started();
    }

    /** Takes changed settings: adds, changes and removes agent runtimes. */
    public void update() {
        List<AgentRuntime> removed = new ArrayList<>();
        synchronized (this) {
            Map<String, AgentConfig> wanted = new TreeMap<>();
            sources.forEach(source -> wanted.putAll(source.agents()));
            wanted.forEach((name, agent) -> runtimes.computeIfAbsent(
                    name, unknown -> new AgentRuntime(context, artifacts, maker, agent)).configure(agent));
            runtimes.keySet().stream().filter(name -> !wanted.containsKey(name))
                    .forEach(name -> removed.add(runtimes.remove(name)));
        }
        removed.forEach(runtime -> {
            runtime.remove();
            AgentMessage.REMOVED.log(LOG, runtime.name());
        });
    }

    /** Throws NOT_FOUND when there is no agent runtime of this name; whether it serves does not count. */
    public void checkKnown(String name) {
        try {
            check(name, "");
        } catch (RequestException e) {
            if (e.kind() == RequestException.Kind.NOT_FOUND) {
                throw e;
            }
        }
    }

    /**
     * Throws NOT_FOUND when there is no agent runtime of this name, or it has no endpoint of the name {@code qualifier}; AGENT when nothing can
     * serve there.
     */
    public void check(String name, String qualifier) {
        if (offered.serving(name, qualifier).isEmpty()) {
            findConfigured(name, qualifier);
        }
    }

    /** The runtime that callers mean by {@code given}: by its name, or by another that a room gave it. */
    public String meant(String given) {
        return runtimes.containsKey(given) ? given : offered.meant(given).orElse(given);
    }

    /** A version that a room offers serves under its runtime's name only, where whoever may call that is known. */
    private AgentRuntime findConfigured(String name, String qualifier) {
        if (offered.isOffered(name)) {
            throw notThere(name);
        }
        AgentRuntime runtime = find(name);
        checkStandard(name, qualifier);
        return runtime;
    }

    private static void checkStandard(String name, String qualifier) {
        if (!qualifier.isEmpty() && !qualifier.equals(STANDARD_ENDPOINT)) {
            throw new RequestException(RequestException.Kind.NOT_FOUND, "Agent runtime " + name + " has no endpoint " + qualifier
                    + ": only those that were made through the control API have others than " + STANDARD_ENDPOINT + ".");
        }
    }

    /**
     * A hold on the version of {@code name} that serves under {@code qualifier}. While that is being made ready, the stage waits for
     * it. Fails with RequestException.
     */
    public CompletionStage<AgentLease> lease(String name, String qualifier) {
        try {
            Optional<String> agent = offered.serving(name, qualifier);
            if (agent.isPresent()) {
                return leaseOffered(name, qualifier, agent.get());
            }
            return findConfigured(name, qualifier).lease();
        } catch (RequestException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * The version with which a session began in an earlier run of the server, whatever has become of its agent since. Does not block.
     *
     * @param passesToken whether it had its callers' own tokens; what is configured counts where the agent is configured
     */
    public AgentLease kept(String name, String digest, AgentPaths paths, SessionTerms terms, boolean passesToken) {
        return new KeptLease(digest, paths, terms, () -> context.settings().get().passesToken(name, passesToken));
    }

    /** Between a look at the endpoint and the lease another version may have taken over, and this one have been let go or be gone. */
    private CompletionStage<AgentLease> leaseOffered(String name, String qualifier, String agent) {
        learnOf(agent);
        return leaseVersion(agent).exceptionallyCompose(failure -> {
            Optional<String> now = offered.serving(name, qualifier);
            return now.isEmpty() || now.get().equals(agent) ? CompletableFuture.failedFuture(Causes.bare(failure))
                    : leaseOffered(name, qualifier, now.get());
        });
    }

    /** A room may offer an agent that was not known when it was last asked. */
    private void learnOf(String agent) {
        if (!runtimes.containsKey(agent)) {
            update();
        }
    }

    private CompletionStage<AgentLease> leaseVersion(String agent) {
        AgentRuntime version = runtimes.get(agent);
        return version == null ? CompletableFuture.failedFuture(notThere(agent)) : version.lease();
    }

    /** Every agent runtime, by name. */
    public List<AgentRuntimeView> views(ToIntFunction<String> liveSessions) {
        return runtimes.values().stream().map(runtime -> runtime.view(liveSessions.applyAsInt(runtime.name()))).toList();
    }

    /** Throws NOT_FOUND when there is no agent runtime of this name. One that nothing serves, since it could not be made, is shown as that. */
    public AgentRuntimeView view(String name, ToIntFunction<String> liveSessions) {
        int live = liveSessions.applyAsInt(name);
        try {
            Optional<String> agent = offered.serving(name, "");
            return (agent.isPresent() ? findOffered(name, agent.get()) : find(name)).view(live);
        } catch (RequestException e) {
            if (e.kind() == RequestException.Kind.AGENT) {
                return AgentViews.notMade(name, e.getMessage(), live);
            }
            throw e;
        }
    }

    /** As with a lease: by the time it is looked for another version may serve, and this one be gone. */
    private AgentRuntime findOffered(String name, String agent) {
        learnOf(agent);
        AgentRuntime version = runtimes.get(agent);
        if (version != null) {
            return version;
        }
        String now = offered.serving(name, "").orElse(agent);
        if (now.equals(agent)) {
            throw notThere(name);
        }
        return findOffered(name, now);
    }

    /** Whether every agent runtime has become ready or failed once since the start; stays so. */
    public boolean started() {
        if (sources.stream().allMatch(AgentSource::known) && runtimes.values().stream().allMatch(AgentRuntime::tried)) {
            progress.compareAndSet(Progress.BEGUN, Progress.STARTED);
        }
        return progress.get() == Progress.STARTED;
    }

    /**
     * Destroys as many VMs that wait for sessions as it takes for a session that finds no room. Blocks for seconds.
     *
     * @param bytes how much memory is missing
     * @return how many VMs were destroyed
     */
    public int makeRoom(long bytes) {
        int destroyed = 0;
        for (long missing = bytes; missing > 0;) {
            Optional<VmPool> fullest = pools().max(Comparator.comparingInt(VmPool::size)).filter(pool -> pool.size() > 0);
            if (fullest.isEmpty()) {
                return destroyed;
            }
            long freed = fullest.get().giveUp();
            missing -= freed;
            destroyed += freed > 0 ? 1 : 0;
        }
        return destroyed;
    }

    /** Prepares nothing any more, and destroys the VMs that wait for sessions, in the background. */
    public void close() {
        maker.close();
        pools().forEach(VmPool::close);
    }

    private AgentRuntime find(String name) {
        return Optional.ofNullable(runtimes.get(name)).orElseThrow(() -> notThere(name));
    }

    /** A deployed WAR's name differs from its file's in hyphens, which is easily forgotten. */
    private RequestException notThere(String name) {
        String other = name.replace('-', '_');
        return new RequestException(RequestException.Kind.NOT_FOUND, "There is no agent runtime " + name + "."
                + (!other.equals(name) && isThere(other) ? " There is one of the name " + other + "." : ""));
    }

    private boolean isThere(String name) {
        try {
            return runtimes.containsKey(name) || offered.serving(name, "").isPresent();
        } catch (RequestException notServing) {
            return true;
        }
    }

    private Stream<VmPool> pools() {
        return runtimes.values().stream().flatMap(runtime -> runtime.pool().stream());
    }
}
