package dev.agentruntime.runtime;

import dev.agentruntime.api.PlatformFailure;
import dev.agentruntime.api.PlatformWork;
import dev.agentruntime.spi.Vm;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Logger;

/**
 * VMs of one agent version that wait for sessions. None has served anyone; one that is taken never comes back.
 * Thread-safe; nothing but {@link #empty()} blocks.
 */
final class VmPool {

    private static final Logger LOG = Logger.getLogger(VmPool.class.getName());
    /** About the time it takes to make some. */
    private static final Duration AHEAD = Duration.ofSeconds(10);
    private static final Backoff FIRST = new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(1));

    /** @param chargedCpuNanos what it has used so far, which the platform has been charged with */
    record Waiting(Vm vm, long chargedCpuNanos) {}

    private enum Phase { OPEN, CLOSED }

    private final String runtime;
    private final Environment environment;
    private final FillSlots slots;
    private final Supplier<AgentVersion.Lease> leases;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final ArrivalRate arrivals = new ArrivalRate();
    private Phase phase = Phase.OPEN;
    private int making;
    private Instant fillsFrom = Instant.EPOCH;
    private Backoff backoff = FIRST;

    /** @param leases keep the version while a VM of it is made */
    VmPool(String runtime, Environment environment, FillSlots slots, Supplier<AgentVersion.Lease> leases) {
        this.runtime = runtime;
        this.environment = environment;
        this.slots = slots;
        this.leases = leases;
    }

    /** The VM for a session that arrives, if one waits. The caller must destroy it in the end. */
    Optional<Waiting> take() {
        Optional<Waiting> taken;
        synchronized (this) {
            arrivals.arrived(environment.now());
            taken = Optional.ofNullable(waiting.pollFirst());
        }
        tell();
        return taken;
    }

    synchronized int size() {
        return waiting.size();
    }

    /** Lets time pass: makes what is missing, destroys what is too much. */
    void tick() {
        fill();
        Optional<Waiting> surplus;
        synchronized (this) {
            surplus = waiting.size() > target() ? Optional.ofNullable(waiting.pollLast()) : Optional.empty();
        }
        surplus.ifPresent(this::drop);
    }

    private void fill() {
        for (Optional<AgentVersion.Lease> lease = claim(); lease.isPresent(); lease = claim()) {
            AgentVersion.Lease held = lease.get();
            environment.workers().pools().execute(() -> make(held));
        }
    }

    /** A VM to make, unless there are enough, or others have to be made first. */
    private synchronized Optional<AgentVersion.Lease> claim() {
        if (phase == Phase.CLOSED || environment.now().isBefore(fillsFrom)
                || waiting.size() + making >= target() || !(waiting.isEmpty() ? slots.takeAtOnce() : slots.take())) {
            return Optional.empty();
        }
        making++;
        return Optional.of(leases.get());
    }

    private int target() {
        PoolBounds bounds = environment.config().get().pool(runtime);
        int expected = (int) Math.ceil(arrivals.expected(AHEAD, environment.now()) - 0.01);
        return Math.max(bounds.min(), Math.min(bounds.max(), expected));
    }

    private void make(AgentVersion.Lease lease) {
        try (lease) {
            Vm vm = lease.template().makeAhead();
            long cpu = vm.read().cpuNanos();
            environment.listeners().tell(listener -> listener.platformUsed(PlatformWork.POOL, cpu));
            made(new Waiting(vm, cpu));
        } catch (RuntimeException e) {
            failed(e);
        } finally {
            slots.release();
        }
        fill();
    }

    private void made(Waiting vm) {
        boolean kept;
        synchronized (this) {
            making--;
            backoff = FIRST;
            kept = phase == Phase.OPEN;
            if (kept) {
                waiting.add(vm);
            }
        }
        if (kept) {
            vm.vm().death().thenAcceptAsync(how -> died(vm, how), environment.workers().work());
            tell();
        } else {
            drop(vm);
        }
    }

    private void failed(RuntimeException e) {
        synchronized (this) {
            making--;
            fillsFrom = environment.now().plus(backoff.pause());
            backoff = backoff.next();
            if (phase == Phase.CLOSED) {
                return;
            }
        }
        Message.POOL_NOT_FILLED.log(LOG, e, runtime, e.getMessage());
        environment.listeners().tell(listener -> listener.failed(runtime, PlatformFailure.POOL));
    }

    private void died(Waiting vm, String how) {
        boolean waited;
        synchronized (this) {
            waited = waiting.remove(vm);
        }
        if (waited) {
            Message.POOLED_VM_LOST.log(LOG, vm.vm().name(), runtime, how);
            drop(vm);
        }
    }

    /** Destroys a VM that never served, in the background. */
    void drop(Waiting vm) {
        tell();
        environment.workers().work().execute(() -> destroy(vm));
    }

    private void destroy(Waiting vm) {
        try {
            long more = vm.vm().destroy().cpuNanos() - vm.chargedCpuNanos();
            environment.listeners().tell(listener -> listener.platformUsed(PlatformWork.POOL, Math.max(0, more)));
        } catch (RuntimeException e) {
            Message.POOLED_VM_LEFT.log(LOG, e, vm.vm().name(), runtime, e.getMessage());
            environment.listeners().tell(listener -> listener.failed(runtime, PlatformFailure.DESTROY));
        }
    }

    /** Destroys what waits and answers how many that were; it fills again by itself later. Blocks for seconds. */
    int empty() {
        List<Waiting> all = takeAll();
        synchronized (this) {
            fillsFrom = environment.now().plus(FIRST.longest());
        }
        all.forEach(this::destroy);
        tell();
        return all.size();
    }

    /** The version is no more: nothing waits for it from here on. */
    void close() {
        synchronized (this) {
            phase = Phase.CLOSED;
        }
        takeAll().forEach(this::drop);
        environment.listeners().tell(listener -> listener.pooled(runtime, 0));
    }

    private synchronized List<Waiting> takeAll() {
        List<Waiting> all = new ArrayList<>(waiting);
        waiting.clear();
        return all;
    }

    private void tell() {
        synchronized (this) {
            if (phase == Phase.CLOSED) {
                return;
            }
        }
        environment.listeners().tell(listener -> listener.pooled(runtime, size()));
    }
}
