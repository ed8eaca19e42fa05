package dev.agentruntime.agents;

import dev.agentruntime.api.PlatformFailure;
import dev.agentruntime.api.PlatformWork;
import dev.agentruntime.spi.AgentSpec;
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
 * Thread-safe; nothing but {@link #giveUp()} blocks.
 */
final class VmPool {

    private static final Logger LOG = Logger.getLogger(VmPool.class.getName());
    /** About the time it takes to make some. */
    private static final Duration AHEAD = Duration.ofSeconds(10);
    private static final Backoff FIRST = new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(1));

    private enum Phase { OPEN, CLOSED }

    private final AgentSpec spec;
    private final AgentContext context;
    private final Supplier<Vm> maker;
    private final Supplier<AgentLease> leases;
    private final Deque<PooledVm> waiting = new ArrayDeque<>();
    private final ArrivalRate arrivals = new ArrivalRate();
    private Phase phase = Phase.OPEN;
    private int making;
    private Instant fillsFrom = Instant.EPOCH;
    private Backoff backoff = FIRST;

    /**
     * @param maker  makes a VM ahead; blocks
     * @param leases keep the version while a VM of it is made
     */
    VmPool(AgentSpec spec, AgentContext context, Supplier<Vm> maker, Supplier<AgentLease> leases) {
        this.spec = spec;
        this.context = context;
        this.maker = maker;
        this.leases = leases;
    }

    /** The VM for a session that arrives, if one waits. The caller must destroy it in the end. */
    Optional<WaitingVm> take() {
        Optional<WaitingVm> taken;
        synchronized (this) {
            arrivals.arrived(context.now());
            taken = Optional.ofNullable(waiting.pollFirst());
        }
        publishSize();
        return taken;
    }

    synchronized int size() {
        return waiting.size();
    }

    /** Lets time pass: makes what is missing, destroys what is too much. */
    void tick() {
        fill();
        Optional<PooledVm> surplus;
        synchronized (this) {
            surplus = waiting.size() > target() ? Optional.ofNullable(waiting.pollLast()) : Optional.empty();
        }
        surplus.ifPresent(vm -> {
            vm.drop();
            publishSize();
        });
    }

    private void fill() {
        for (Optional<AgentLease> lease = claim(); lease.isPresent(); lease = claim()) {
            AgentLease held = lease.get();
            try {
                context.executors().pools().execute(() -> make(held));
            } catch (RuntimeException | Error noThread) {
                failed(noThread);
                context.slots().release();
                held.close();
            }
        }
    }

    /** Begins the making of a VM, unless there are enough, or others have to be made first. */
    private synchronized Optional<AgentLease> claim() {
        if (phase == Phase.CLOSED || context.now().isBefore(fillsFrom)
                || waiting.size() + making >= target()
                || !(waiting.isEmpty() ? context.slots().takeForEmpty() : context.slots().take())) {
            return Optional.empty();
        }
        making++;
        return Optional.of(leases.get());
    }

    private int target() {
        PoolBounds bounds = context.settings().get().pool(spec.runtime());
        int expected = (int) Math.ceil(arrivals.expected(AHEAD, context.now()) - 0.01);
        return Math.max(bounds.min(), Math.min(bounds.max(), expected));
    }

    private void make(AgentLease lease) {
        try (lease) {
            made(charged(maker.get()));
        } catch (RuntimeException | Error e) {
            failed(e);
        } finally {
            context.slots().release();
        }
        fill();
    }

    /** A VM whose meter cannot be read would be charged to its session from its making on. */
    private PooledVm charged(Vm vm) {
        try {
            long cpu = vm.read().cpuNanos();
            context.publish(listener -> listener.platformUsed(PlatformWork.POOL, cpu));
            return new PooledVm(spec.runtime(), vm, cpu, context.disposal());
        } catch (RuntimeException | Error e) {
            new PooledVm(spec.runtime(), vm, 0, context.disposal()).drop();
            throw e;
        }
    }

    private void made(PooledVm vm) {
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
            vm.vm().death().thenAcceptAsync(how -> died(vm, how), context.executors().ends());
            publishSize();
        } else {
            vm.drop();
        }
    }

    private void failed(Throwable e) {
        synchronized (this) {
            making--;
            fillsFrom = context.now().plus(backoff.pause());
            backoff = backoff.next();
            if (phase == Phase.CLOSED) {
                return;
            }
        }
        AgentMessage.POOL_NOT_FILLED.log(LOG, e, spec.runtime(), e.getMessage());
        context.publish(listener -> listener.failed(spec.runtime(), PlatformFailure.POOL));
    }

    private void died(PooledVm vm, String how) {
        boolean waited;
        synchronized (this) {
            waited = waiting.remove(vm);
        }
        if (waited) {
            vm.drop(how);
            publishSize();
        }
    }

    /**
     * Destroys a VM that waits; the pool is not filled again for a while. Blocks for seconds.
     *
     * @return the memory that this makes free, in bytes; 0 when no VM waits, or the VM could not be destroyed
     */
    long giveUp() {
        Optional<PooledVm> given;
        synchronized (this) {
            given = Optional.ofNullable(waiting.pollLast());
            fillsFrom = context.now().plus(FIRST.longest());
        }
        publishSize();
        return given.filter(context.disposal()::destroy).isPresent() ? spec.memoryBytes() : 0;
    }

    /** The version starts no sessions any more: no VM waits from now on. */
    void close() {
        List<PooledVm> all;
        synchronized (this) {
            phase = Phase.CLOSED;
            all = new ArrayList<>(waiting);
            waiting.clear();
        }
        all.forEach(WaitingVm::drop);
    }

    private void publishSize() {
        synchronized (this) {
            if (phase == Phase.CLOSED) {
                return;
            }
        }
        context.publish(listener -> listener.pooled(spec.runtime(), size()));
    }
}
