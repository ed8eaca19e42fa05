package dev.agentruntime.platform;

import dev.agentruntime.agents.AgentExecutors;
import dev.agentruntime.agents.Agents;
import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.CredentialRead;
import dev.agentruntime.api.Durations;
import dev.agentruntime.api.Causes;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.PingPolicy;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.PlatformFailure;
import dev.agentruntime.api.PlatformListener;
import dev.agentruntime.api.PlatformStatus;
import dev.agentruntime.api.RestWatcher;
import dev.agentruntime.api.ServerStage;
import dev.agentruntime.api.SessionProbe;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.sessions.EarlierRun;
import dev.agentruntime.sessions.Listeners;
import dev.agentruntime.sessions.Rates;
import dev.agentruntime.sessions.Records;
import dev.agentruntime.sessions.SessionExecutors;
import dev.agentruntime.sessions.SessionIds;
import dev.agentruntime.sessions.SessionKey;
import dev.agentruntime.sessions.SessionMessage;
import dev.agentruntime.sessions.Sessions;
import dev.agentruntime.sessions.Settlement;
import dev.agentruntime.sessions.Times;
import dev.agentruntime.spi.AgentOffers;
import dev.agentruntime.spi.SessionRoom;
import dev.agentruntime.spi.VmDriver;
import dev.agentruntime.store.Ledger;
import dev.agentruntime.store.LedgerKeeper;
import dev.agentruntime.store.SessionDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.logging.Logger;

/** Puts sessions, agents, store and driver together. Its owner calls {@link #tick()} once a second. */
public final class AgentPlatform implements Platform, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(AgentPlatform.class.getName());
    private static final Duration END_PATIENCE = Duration.ofSeconds(25);
    private static final Duration LEAVE_PATIENCE = Duration.ofSeconds(2);

    private enum Stage { RUNNING, STOPPING, CLOSED }

    private final AtomicReference<PlatformConfig> config;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.RUNNING);
    private final VmDriver driver;
    private final Duration endPatience;
    private final Listeners listeners = new Listeners();
    private final Times times;
    private final Agents agents;
    private final SessionDirectory directory;
    private final EarlierRun earlier;
    private final LedgerKeeper keeper;
    private final Sessions sessions;
    private final Rates rates;

    /** Takes over {@code driver} and closes it. */
    public AgentPlatform(PlatformConfig config, VmDriver driver, Ledger ledger, SessionDirectory directory, Workers workers,
            Times times) {
        this(config, driver, ledger, directory, workers, times, List::of, List::of);
    }

    /**
     * Takes over {@code driver} and closes it.
     *
     * @param rooms  those that take part in sessions now
     * @param offers those that offer agents now
     */
    public AgentPlatform(PlatformConfig config, VmDriver driver, Ledger ledger, SessionDirectory directory, Workers workers,
            Times times, Supplier<List<SessionRoom>> rooms, Supplier<List<AgentOffers>> offers) {
        this(config, driver, ledger, directory, workers, times, rooms, offers, END_PATIENCE);
    }

    /** @param endPatience for sessions to be ended or left when the server stops */
    AgentPlatform(PlatformConfig config, VmDriver driver, Ledger ledger, SessionDirectory directory, Workers workers, Times times,
            Supplier<List<SessionRoom>> rooms, Supplier<List<AgentOffers>> offers, Duration endPatience) {
        this.endPatience = endPatience;
        this.config = new AtomicReference<>(config);
        this.driver = driver;
        this.times = times;
        this.directory = directory;
        String serverId = config.driver().serverId();
        SessionExecutors executors = new SessionExecutors(workers.vms(), workers.store());
        this.agents = new Agents(driver, config.agents().copies(), () -> this.config.get().agents(), times.steady(),
                new AgentExecutors(workers.files(), workers.preparation(), workers.vms(), workers.vms()), listeners::tell, offers);
        this.keeper = new LedgerKeeper(ledger, workers.store(), times.steady(), this::listEarlier,
                () -> listeners.tell(listener -> listener.failed("", PlatformFailure.LEDGER)));
        this.rates = new Rates(() -> this.config.get().sessions().quotas(), times.steady());
        Settlement settlement = new Settlement();
        this.sessions = new Sessions(agents, new Records(keeper, directory, serverId), () -> this.config.get().sessions(), times,
                executors, listeners, () -> all(rooms.get()), rates, settlement);
        this.earlier = new EarlierRun(driver, ledger, serverId, listeners, times, executors, agents::begin, sessions, settlement);
    }

    private void listEarlier() {
        earlier.list();
    }

    private List<SessionRoom> all(List<SessionRoom> others) {
        List<SessionRoom> all = new ArrayList<>(others);
        all.add(new ConfiguredEnvironment(() -> config.get().agents()));
        return all;
    }

    /** Lets time pass: limits of sessions, changed artifacts, the ledger, what has to be tried again. Does not block. */
    public void tick() {
        if (stage.get() != Stage.CLOSED) {
            beat(earlier::tick, "clearing up after an earlier run");
            beat(agents::tick, "looking after the agents");
            beat(sessions::tick, "looking after the sessions");
            beat(() -> keeper.tick(times.steady().instant()), "looking after the ledger");
            beat(directory::tick, "looking after the owners of session ids");
        }
    }

    /** What fails keeps nothing else from its turn, now and at the next tick. */
    private static void beat(Runnable part, String what) {
        try {
            part.run();
        } catch (RuntimeException | Error e) {
            SessionMessage.UNEXPECTED.log(LOG, e, what, e.toString());
        }
    }

    /**
     * Takes a changed configuration; sessions are not disturbed. Returns what is in force now: the settings of driver and store
     * stay as they were.
     */
    public PlatformConfig update(PlatformConfig changed) {
        PlatformConfig inForce = config.updateAndGet(changed::inForceAfter);
        agents.update();
        return inForce;
    }

    /**
     * Takes no more requests and waits for those under way, as long as is configured; then ends every session, or leaves it to the next
     * run, as configured; writes what the database does not have yet and lets go of the hypervisor, once. What is to be left and does not
     * come to it in time is left as it is. Blocks for that grace and half a minute at most; whoever calls it meanwhile waits until that is done.
     */
    @Override
    public synchronized void close() {
        if (stage.get() == Stage.CLOSED) {
            return;
        }
        stage.set(Stage.STOPPING);
        drain();
        stage.set(Stage.CLOSED);
        earlier.close();
        CompletableFuture<Void> ends = sessions.close(config.get().sessions().stopping().onStop()).copy().orTimeout(endPatience.toMillis(), TimeUnit.MILLISECONDS);
        agents.close();
        directory.close();
        try {
            ends.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TimeoutException) {
                SessionMessage.NOT_ENDED.log(LOG, sessions.all(), Durations.text(endPatience));
            } else {
                SessionMessage.UNEXPECTED.log(LOG, e, "ending the sessions", e.toString());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sessions.leaveThoseHeldUp(LEAVE_PATIENCE);
        keeper.close();
        driver.close();
    }

    private void drain() {
        try {
            sessions.drain();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public List<AgentRuntimeView> runtimes() {
        return agents.views(sessions::live);
    }

    @Override
    public AgentRuntimeView runtime(String name) {
        return agents.view(name, sessions::live);
    }

    @Override
    public String meant(String given) {
        return agents.meant(given);
    }

    @Override
    public void count(Caller caller) {
        rates.request(caller.subject());
    }

    @Override
    public void credentialRead(CredentialRead read) {
        listeners.tell(listener -> listener.credentialRead(read));
    }

    @Override
    public CompletionStage<Invocation> invoke(InvocationRequest request) {
        return answered(() -> sessions.invoke(request));
    }

    @Override
    public List<SessionView> sessions(String runtime, Caller caller) {
        return sessions.list(runtime, caller);
    }

    @Override
    public SessionView session(String runtime, String sessionId, Caller caller) {
        return sessions.view(new SessionKey(runtime, SessionIds.checked(sessionId)), caller);
    }

    @Override
    public CompletionStage<SessionView> stop(String runtime, String sessionId, Caller caller) {
        return answered(() -> sessions.stop(new SessionKey(runtime, SessionIds.checked(sessionId)), caller));
    }

    @Override
    public CompletionStage<List<SessionView>> fork(String runtime, String sessionId, Caller caller, int count) {
        return answered(() -> sessions.fork(new SessionKey(runtime, SessionIds.checked(sessionId)), caller, count));
    }

    @Override
    public CompletionStage<SessionView> hibernate(String runtime, String sessionId, Caller caller) {
        return answered(() -> sessions.hibernate(new SessionKey(runtime, SessionIds.checked(sessionId)), caller));
    }

    @Override
    public SessionView changeIdleTimeout(String runtime, String sessionId, Caller caller, Duration idleTimeout) {
        return sessions.changeIdleTimeout(new SessionKey(runtime, SessionIds.checked(sessionId)), caller, idleTimeout);
    }

    @Override
    public List<SessionProbe> probes() {
        return sessions.probes();
    }

    @Override
    public PingPolicy pingPolicy() {
        return config.get().health().pings();
    }

    @Override
    public String tenantClaim() {
        return config.get().identity().tenantClaim();
    }

    @Override
    public PlatformStatus status() {
        return new PlatformStatus(driver.status(), agents.started(), config.get().health().readyWhen(), runtimes(),
                stage.get() == Stage.RUNNING ? ServerStage.RUNNING : ServerStage.STOPPING);
    }

    @Override
    public Registration listen(PlatformListener listener) {
        return listeners.add(listener);
    }

    @Override
    public Registration watchRest(RestWatcher watcher) {
        return listeners.add(watcher);
    }

    /** Every failure reaches the caller through the future, and bare. */
    private static <T> CompletableFuture<T> answered(Supplier<CompletableFuture<T>> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            question.get().whenComplete((value, failure) -> {
                if (failure == null) {
                    answer.complete(value);
                } else {
                    answer.completeExceptionally(Causes.bare(failure));
                }
            });
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }
}
