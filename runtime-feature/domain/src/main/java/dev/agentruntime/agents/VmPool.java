package dev.agentruntime.agents;

import dev.agentruntime.api.PlatformFailure;
import dev.agentruntime.api.PlatformWork;
import dev.agentruntime.spi.AgentTemplate;
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

    private final class Waiting implements WaitingVm {

        private final Vm vm;
        private final long chargedCpuNanos;

        Waiting(Vm vm, long chargedCpuNanos) {
            this.vm = vm;
            this.chargedCpuNanos = chargedCpuNanos;
        }

        @Override
        public Vm vm() {
            return vm;
        }

        @Override
        public long chargedCpuNanos() {
            return chargedCpuNanos;
        }

        @Override
        public void drop() {
            tell();
            context.executors().ends().execute(() -> destroy(this));
        }

        @Override
        public void drop(String why) {
            AgentMessage.WAITING_VM_LOST.log(LOG, vm.name(), runtime, why);
            drop();
        }
    }

    private enum Phase { OPEN, CLOSED }

    private final String runtime;
    private final AgentContext context;
    private final AgentTemplate template;
    private final Supplier<AgentLease> leases;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final ArrivalRate arrivals = new ArrivalRate();
    private Phase phase = Phase.OPEN;
    private int making;
    private Instant fillsFrom = Instant.EPOCH;
    private Backoff backoff = FIRST;

    /** @param leases keep the version while a VM of it is made */
    VmPool(String runtime, AgentContext context, AgentTemplate template, Supplier<AgentLease> leases) {
        this.runtime = runtime;
        this.context = context;
        this.template = template;
        this.leases = leases;
    }

    /** The VM for a session that arrives, if one waits. The caller must destroy it in the end. */
    Optional<WaitingVm> take() {
        Optional<WaitingVm> taken;
        synchronized (this) {
            arrivals.arrived(context.now());
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
        surplus.ifPresent(WaitingVm::drop);
    }

    private void fill() {
        for (Optional<AgentLease> lease = claim(); lease.isPresent(); lease = claim()) {
            AgentLease held = lease.get();
            context.executors().pools().execute(() -> make(held));
        }
    }

    /** A VM to make, unless there are enough, or others have to be made first. */
    private synchronized Optional<AgentLease> claim() {
        if (phase == Phase.CLOSED || context.now().isBefore(fillsFrom)
                || waiting.size() + making >= target() || !(waiting.isEmpty() ? context.slots().takeAtOnce() : context.slots().take())) {
            return Optional.empty();
        }
        making++;
        return Optional.of(leases.get());
    }

    private int target() {
        PoolBounds bounds = context.settings().get().pool(runtime);
        int expected = (int) Math.ceil(arrivals.expected(AHEAD, context.now()) - 0.01);
        return Math.max(bounds.min(), Math.min(bounds.max(), expected));
    }

    private void make(AgentLease lease) {
        try (lease) {
            Vm vm = template.makeAhead();
            long cpu = vm.read().cpuNanos();
            context.publish(listener -> listener.platformUsed(PlatformWork.POOL, cpu));
            made(new Waiting(vm, cpu));
        } catch (RuntimeException e) {
            failed(e);
        } finally {
            context.slots().release();
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
            vm.vm().death().thenAcceptAsync(how -> died(vm, how), context.executors().ends());
            tell();
        } else {
            vm.drop();
        }
    }

    private void failed(RuntimeException e) {
        synchronized (this) {
            making--;
            fillsFrom = context.now().plus(backoff.pause());
            backoff = backoff.next();
            if (phase == Phase.CLOSED) {
                return;
            }
        }
        AgentMessage.POOL_NOT_FILLED.log(LOG, e, runtime, e.getMessage());
        context.publish(listener -> listener.failed(runtime, PlatformFailure.POOL));
    }

    private void died(Waiting vm, String how) {
        boolean waited;
        synchronized (this) {
            waited = waiting.remove(vm);
        }
        if (waited) {
            vm.drop(how);
        }
    }

    private void destroy(Waiting vm) {
        try {
            long more = vm.vm().destroy().cpuNanos() - vm.chargedCpuNanos();
            context.publish(listener -> listener.platformUsed(PlatformWork.POOL, Math.max(0, more)));
        } catch (RuntimeException e) {
            AgentMessage.WAITING_VM_LEFT.log(LOG, e, vm.vm().name(), runtime, e.getMessage());
            context.publish(listener -> listener.failed(runtime, PlatformFailure.DESTROY));
        }
    }

    /** Destroys what waits and answers how many that were; it fills again by itself later. Blocks for seconds. */
    int empty() {
        List<Waiting> all = takeAll();
        synchronized (this) {
            fillsFrom = context.now().plus(FIRST.longest());
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
        takeAll().forEach(WaitingVm::drop);
        context.publish(listener -> listener.pooled(runtime, 0));
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
        context.publish(listener -> listener.pooled(runtime, size()));
    }
}
