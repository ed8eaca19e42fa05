package dev.agentruntime.liberty;

import dev.agentruntime.api.HypervisorStatus;
import dev.agentruntime.api.SnapshotKey;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.AgentTemplate;
import dev.agentruntime.spi.FoundVm;
import dev.agentruntime.spi.Reclaimed;
import dev.agentruntime.spi.Snapshot;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmDriver;
import dev.agentruntime.spi.VmException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Stands in for a driver that refuses its settings, so that health and callers are told why nothing runs. */
record UnavailableDriver(String reason) implements VmDriver {

    @Override
    public HypervisorStatus status() {
        return new HypervisorStatus(false, false, reason);
    }

    @Override
    public AgentTemplate prepare(AgentSpec spec, Consumer<String> progress) {
        throw new VmException(reason);
    }

    /** There may be VMs: none is said to be gone. */
    @Override
    public List<FoundVm> survey() {
        throw new VmException(reason);
    }

    @Override
    public Vm adopt(String name, StartMode startMode) {
        throw new VmException(reason);
    }

    @Override
    public Snapshot reopen(SnapshotKey key) {
        throw new VmException(reason);
    }

    @Override
    public Reclaimed reclaim(Set<String> spared) {
        throw new VmException(reason);
    }

    @Override
    public void close() {
        // There is nothing to let go of.
    }
}
