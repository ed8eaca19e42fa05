package dev.agentruntime.agents;

import dev.agentruntime.api.PlatformFailure;
import dev.agentruntime.api.PlatformListener;
import dev.agentruntime.api.PlatformWork;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.logging.Logger;

/** Destroys VMs that no session needs; tries again until each is gone. Thread-safe. */
final class VmDisposal {

    private static final Logger LOG = Logger.getLogger(VmDisposal.class.getName());
    private static final Backoff FIRST = new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(1));

    private record Left(Instant again, Backoff next) {}

    private final Clock clock;
    private final Executor threads;
    private final Consumer<Consumer<PlatformListener>> listeners;
    private final Map<PooledVm, Left> left = new ConcurrentHashMap<>();

    VmDisposal(Clock clock, Executor threads, Consumer<Consumer<PlatformListener>> listeners) {
        this.clock = clock;
        this.threads = threads;
        this.listeners = listeners;
    }

    /** Does not block. */
    void destroySoon(PooledVm vm) {
        submit(vm, FIRST);
    }

    /** Where there is no thread for it at this moment, it is tried again later. */
    private void submit(PooledVm vm, Backoff backoff) {
        try {
            threads.execute(() -> destroy(vm, backoff));
        } catch (RuntimeException | Error noThread) {
            failed(vm, backoff, noThread);
        }
    }

    /** Returns whether it is gone; if not, it is tried again later. Blocks for seconds. */
    boolean destroy(PooledVm vm) {
        return destroy(vm, FIRST);
    }

    /** Tries again what is due. Does not block. */
    void tick() {
        Instant now = clock.instant();
        left.forEach((vm, due) -> {
            if (!now.isBefore(due.again()) && left.remove(vm, due)) {
                submit(vm, due.next());
            }
        });
    }

    private boolean destroy(PooledVm vm, Backoff backoff) {
        try {
            long more = vm.vm().destroy().cpuNanos() - vm.chargedCpuNanos();
            listeners.accept(listener -> listener.platformUsed(PlatformWork.POOL, Math.max(0, more)));
            return true;
        } catch (RuntimeException | Error e) {
            failed(vm, backoff, e);
            return false;
        }
    }

    private void failed(PooledVm vm, Backoff backoff, Throwable e) {
        left.put(vm, new Left(clock.instant().plus(backoff.pause()), backoff.next()));
        AgentMessage.WAITING_VM_LEFT.log(LOG, e, vm.vm().name(), vm.runtime(), e.getMessage());
        listeners.accept(listener -> listener.failed(vm.runtime(), PlatformFailure.DESTROY));
    }
}
