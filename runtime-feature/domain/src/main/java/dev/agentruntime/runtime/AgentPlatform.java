package dev.agentruntime.runtime;

import dev.agentruntime.agents.AgentExecutors;
import dev.agentruntime.agents.Agents;
import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.PingPolicy;
import dev.agentruntime.api.PlatformFailure;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.PlatformListener;
import dev.agentruntime.api.PlatformStatus;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RestWatcher;
import dev.agentruntime.api.SessionProbe;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.Reclaimed;
import dev.agentruntime.spi.VmDriver;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.store.Ledger;
import dev.agentruntime.store.LedgerKeeper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.logging.Logger;

/** The platform: puts sessions, agent runtimes, ledger and driver together. Its owner calls {@link #tick()} once a second. */
public final class AgentPlatform implements Platform, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(AgentPlatform.class.getName());
    private static final Duration RECLAIM_PAUSE = Duration.ofSeconds(5);
    private static final Duration END_PATIENCE = Duration.ofSeconds(25);

    private sealed interface Phase {
        /** VMs of an earlier run may be there; the next look for them is at {@code next}. */
        record Unreclaimed(Instant next) implements Phase {}
        record Reclaiming() implements Phase {}
        record Running() implements Phase {}
        record Closed() implements Phase {}
    }

    private final AtomicReference<PlatformConfig> config;
    private final AtomicReference<Phase> phase = new AtomicReference<>(new Phase.Unreclaimed(Instant.EPOCH));
    private final VmDriver driver;
    private final Environment environment;
    private final Agents agents;
    private final Recovery recovery;
    private final LedgerKeeper ledger;
    private final Sessions sessions;
    /** The last readings of an earlier run's VMs, as far as those are gone. */
    private final Map<String, MeterReading> readings = new ConcurrentHashMap<>();
    /** Why the last look for VMs of an earlier run failed: logged when it changes, not every five seconds. */
    private volatile String reclaimTrouble = "";

    /** Takes over {@code driver} and closes it. */
    public AgentPlatform(PlatformConfig config, VmDriver driver, Ledger ledger, Workers workers, Clock clock) {
        this.config = new AtomicReference<>(config);
        this.driver = driver;
        this.environment = new Environment(clock, workers, new Listeners(), this.config::get);
        this.agents = new Agents(driver, config.agents().copies(), () -> this.config.get().agents(), clock,
                new AgentExecutors(workers.files(), workers.preparation(), workers.pools(), workers.work()),
                environment.listeners()::tell);
        this.recovery = new Recovery(ledger, environment, () -> this.config.get().driver().serverId());
        this.ledger = new LedgerKeeper(ledger, workers.ledger(), clock, recovery::finish, this::ledgerFailed);
        this.sessions = new Sessions(environment, agents, this.ledger);
    }

    /** Lets time pass: limits of sessions, changed WARs, the ledger, what has to be tried again. Does not block. */
    public void tick() {
        try {
            Instant now = environment.now();
            Phase current = phase.get();
            if (current instanceof Phase.Unreclaimed waiting && !now.isBefore(waiting.next())) {
                reclaimFrom(waiting);
            }
            agents.tick();
            sessions.tick(now);
            ledger.tick(now);
        } catch (RuntimeException e) {
            Message.UNEXPECTED.log(LOG, e, "looking after the sessions", e.toString());
        }
    }

    /** Takes a changed configuration. The driver's settings stay as they were; sessions are not disturbed. */
    public void update(PlatformConfig changed) {
        config.set(changed.withDriver(config.get().driver()));
        agents.update();
    }

    /** Ends every session, writes the ledger and lets go of the hypervisor, once. Blocks for half a minute at most. */
    @Override
    public void close() {
        if (phase.getAndSet(new Phase.Closed()) instanceof Phase.Closed) {
            return;
        }
        agents.close();
        try {
            sessions.endAll(Ending.serverStopped()).get(END_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            Message.UNEXPECTED.log(LOG, e, "ending the sessions", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ledger.close();
        driver.close();
    }

    private void ledgerFailed() {
        environment.listeners().tell(listener -> listener.failed("", PlatformFailure.LEDGER));
    }

    private void reclaimFrom(Phase.Unreclaimed waiting) {
        Phase.Reclaiming reclaiming = new Phase.Reclaiming();
        if (phase.compareAndSet(waiting, reclaiming)) {
            environment.workers().preparation().execute(() -> reclaim(reclaiming));
        }
    }

    private void reclaim(Phase.Reclaiming reclaiming) {
        try {
            Reclaimed reclaimed = driver.reclaim();
            readings.putAll(reclaimed.destroyed());
            if (!reclaimed.left().isEmpty()) {
                throw new VmException("VMs of an earlier run are left: " + String.join(" ", reclaimed.left().values()));
            }
            recovery.leftovers(readings);
            ledger.writeSoon();
            phase.compareAndSet(reclaiming, new Phase.Running());
            agents.begin();
        } catch (RuntimeException e) {
            String trouble = String.valueOf(e.getMessage());
            if (!trouble.equals(reclaimTrouble)) {
                Message.RECLAIM_FAILED.log(LOG, trouble);
                reclaimTrouble = trouble;
            }
            phase.compareAndSet(reclaiming, new Phase.Unreclaimed(environment.now().plus(RECLAIM_PAUSE)));
        }
    }

    @Override
    public List<AgentRuntimeView> runtimes() {
        return agents.views(sessions::liveSessions);
    }

    @Override
    public AgentRuntimeView runtime(String name) {
        return agents.view(name, sessions::liveSessions);
    }

    @Override
    public CompletionStage<Invocation> invoke(InvocationRequest request) {
        return answered(() -> {
            if (phase.get() instanceof Phase.Closed) {
                throw new RequestException(RequestException.Kind.PLATFORM, "The server is being stopped.");
            }
            return sessions.invoke(request);
        });
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
        return new PlatformStatus(driver.status(), agents.started(), config.get().health().readyWhen(), runtimes());
    }

    @Override
    public Registration listen(PlatformListener listener) {
        return environment.listeners().add(listener);
    }

    @Override
    public Registration watchRest(RestWatcher watcher) {
        return environment.listeners().add(watcher);
    }

    /** Every failure reaches the caller through the future, and bare. */
    private static <T> CompletableFuture<T> answered(Supplier<CompletableFuture<T>> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            question.get().whenComplete((value, failure) -> {
                if (failure == null) {
                    answer.complete(value);
                } else {
                    answer.completeExceptionally(
                            failure instanceof CompletionException && failure.getCause() != null
                                    ? failure.getCause() : failure);
                }
            });
        } catch (RequestException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }
}
