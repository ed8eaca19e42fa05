package dev.agentruntime.runtime;

import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Tenant;
import dev.agentruntime.api.Usage;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.store.Account;
import dev.agentruntime.store.SessionRecord;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** One session from its first request to its proven end: holds its life, its VM and its meter. Thread-safe, never blocks. */
final class Session {

    /** A life before and after an event. */
    record Transition(SessionLife before, SessionLife after) {

        boolean entered(SessionView.Status status) {
            return before.status() != status && after.status() == status;
        }

        boolean fellAsleep() {
            return after instanceof SessionLife.Paused && !(before instanceof SessionLife.Paused);
        }

        boolean wokeUp() {
            return before instanceof SessionLife.Paused && after instanceof SessionLife.Active;
        }

        boolean moved() {
            return before.status() != after.status();
        }
    }

    /** What a reading added. */
    record Used(long cpuNanos, BigDecimal memoryByteSeconds) {}

    private record Hold(Vm vm, String version, StartMode mode, long chargedCpuNanos) {}

    /** Whether its start has a thread yet; an end waits for the start to let go of the VM. */
    private enum Start { WAITING, RUNNING, SETTLED }

    private final String rowId = UUID.randomUUID().toString();
    private final SessionKey key;
    private final Subject owner;
    private final Tenant tenant;
    private final Object pausing = new Object();
    private final CompletableFuture<Vm> serving = new CompletableFuture<>();
    private CompletableFuture<Vm> awake = serving;
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private CompletableFuture<Void> gone = new CompletableFuture<>();
    private SessionLife life;
    private Start start = Start.WAITING;
    private Optional<Hold> hold = Optional.empty();
    private Optional<Duration> startTime = Optional.empty();
    private Optional<Metering> metering = Optional.empty();
    private Optional<Instant> closedAt = Optional.empty();
    private long invocations;

    Session(SessionKey key, Subject owner, Tenant tenant, Instant now) {
        this.key = key;
        this.owner = owner;
        this.tenant = tenant;
        this.life = SessionLife.begin(now);
    }

    SessionKey key() {
        return key;
    }

    Subject owner() {
        return owner;
    }

    /** Its owner's. */
    Tenant tenant() {
        return tenant;
    }

    String rowId() {
        return rowId;
    }

    /** Completes with the VM once it serves, or with the reason why it never will. */
    CompletableFuture<Vm> serving() {
        return serving;
    }

    /** As {@link #serving()}, and once it has been paused, completes when it runs again. */
    synchronized CompletableFuture<Vm> awake() {
        return awake;
    }

    /** Completes when no start is under way any more. */
    CompletableFuture<Void> settled() {
        return settled;
    }

    /** Held while its VM is being paused or resumed. */
    Object pausing() {
        return pausing;
    }

    synchronized SessionLife life() {
        return life;
    }

    synchronized Transition apply(LifeEvent event) {
        SessionLife before = life;
        life = life.next(event);
        Transition transition = new Transition(before, life);
        if (transition.fellAsleep()) {
            awake = new CompletableFuture<>();
        }
        if (event instanceof LifeEvent.RequestBegan && !(life instanceof SessionLife.Terminated)) {
            invocations++;
        }
        return transition;
    }

    /** Claims the start for a thread; false when the session has ended, and there is nothing to start any more. */
    synchronized boolean claimStart() {
        if (life instanceof SessionLife.Terminated) {
            return false;
        }
        start = Start.RUNNING;
        return true;
    }

    /** The start's thread is done with the VM, however it went. */
    void startDone() {
        synchronized (this) {
            start = Start.SETTLED;
        }
        settled.complete(null);
    }

    /** Lets an end go on at once when no start has a thread yet; otherwise that thread lets it go on. */
    void abandonStart() {
        synchronized (this) {
            if (start == Start.RUNNING) {
                return;
            }
            start = Start.SETTLED;
        }
        settled.complete(null);
    }

    /**
     * The VM is this session's from here on and must be destroyed, whatever happens.
     *
     * @param chargedCpuNanos what it used before, and the platform was charged with
     */
    synchronized void hold(Vm vm, String version, long chargedCpuNanos) {
        hold = Optional.of(new Hold(vm, version, vm.startMode(), chargedCpuNanos));
    }

    /** The VM it holds is somebody else's to destroy: it never began. */
    synchronized void letGo() {
        hold = Optional.empty();
    }

    synchronized long chargedCpuNanos() {
        return hold.map(Hold::chargedCpuNanos).orElse(0L);
    }

    synchronized Optional<Vm> vm() {
        return hold.map(Hold::vm);
    }

    /** The VM serves from {@code now} and its usage counts from {@code baseline}, unless the session has ended. */
    synchronized Transition serve(MeterReading baseline, Instant now) {
        if (life instanceof SessionLife.Terminated) {
            return new Transition(life, life);
        }
        metering = Optional.of(Metering.from(baseline, now));
        startTime = Optional.of(Duration.between(life.createdAt(), now));
        return apply(new LifeEvent.Started(now));
    }

    /** Takes a reading; nothing counts before the VM serves. */
    synchronized Used metered(MeterReading reading, Instant now) {
        if (metering.isEmpty()) {
            return new Used(0, BigDecimal.ZERO);
        }
        Metering before = metering.get();
        Metering after = before.next(reading, now);
        metering = Optional.of(after);
        return new Used(after.cpuNanos() - before.cpuNanos(),
                after.memoryByteSeconds().subtract(before.memoryByteSeconds()));
    }

    synchronized boolean hasServed() {
        return metering.isPresent();
    }

    /** What whoever waits for the end waits for. */
    synchronized CompletableFuture<Void> gone() {
        return gone;
    }

    /** Its VM is proven gone and its usage final. */
    synchronized void close(Instant now) {
        closedAt = Optional.of(now);
    }

    /** Tells those who wait for the end. */
    void tellGone() {
        gone().complete(null);
    }

    /** This attempt to end the VM failed: tells those who wait, and lets later ones wait for the next attempt. */
    void notGone(RuntimeException why) {
        CompletableFuture<Void> waiting;
        synchronized (this) {
            waiting = gone;
            gone = new CompletableFuture<>();
        }
        waiting.completeExceptionally(why);
    }

    synchronized SessionView view(Instant now) {
        Optional<Ending> ending = ending();
        return new SessionView(
                key.sessionId(), key.runtime(), hold.map(Hold::version).orElse(""), life.status(), owner,
                life.createdAt(), life.lastActivityAt(now), hold.map(Hold::mode), startTime,
                hold.map(held -> held.vm().name()), ending.map(Ending::sentence), usage());
    }

    /** As the ledger's keeper sees it. */
    Account account(Environment environment) {
        return new Account() {
            @Override
            public String rowId() {
                return rowId;
            }

            @Override
            public SessionRecord record() {
                return Session.this.record(environment.config().get().driver().serverId(), environment.now());
            }
        };
    }

    synchronized SessionRecord record(String serverId, Instant now) {
        return new SessionRecord(rowId, serverId, view(now), metering.map(Metering::baselineCpuNanos),
                ending().map(ending -> ending.code().name()), closedAt);
    }

    private Optional<Ending> ending() {
        return life instanceof SessionLife.Terminated over ? Optional.of(over.ending()) : Optional.empty();
    }

    private Usage usage() {
        return metering.map(meter -> meter.usage(invocations)).orElseGet(
                () -> new Usage(0, BigDecimal.ZERO, 0, invocations, MeterSource.HYPERVISOR));
    }
}
