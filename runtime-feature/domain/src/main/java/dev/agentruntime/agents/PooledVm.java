package dev.agentruntime.agents;

import dev.agentruntime.spi.Vm;
import java.util.logging.Logger;

/** A VM of a pool's. */
final class PooledVm implements WaitingVm {

    private static final Logger LOG = Logger.getLogger(PooledVm.class.getName());

    private final String runtime;
    private final Vm vm;
    private final long chargedCpuNanos;
    private final VmDisposal disposal;

    /** @param disposal where it goes when no session needs it */
    PooledVm(String runtime, Vm vm, long chargedCpuNanos, VmDisposal disposal) {
        this.runtime = runtime;
        this.vm = vm;
        this.chargedCpuNanos = chargedCpuNanos;
        this.disposal = disposal;
    }

    String runtime() {
        return runtime;
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
        disposal.destroySoon(this);
    }

    @Override
    public void drop(String why) {
        AgentMessage.WAITING_VM_LOST.log(LOG, vm.name(), runtime, why);
        drop();
    }
}
