package dev.agentruntime.liberty;

import dev.agentruntime.api.HypervisorStatus;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.AgentTemplate;
import dev.agentruntime.spi.FoundVm;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.Reclaimed;
import dev.agentruntime.spi.VmDriver;
import dev.agentruntime.spi.VmException;
import java.util.List;
import java.util.Map;
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

    @Override
    public List<FoundVm> survey() {
        return List.of();
    }

    @Override
    public Reclaimed reclaim() {
        return new Reclaimed(Map.of(), Map.of());
    }

    @Override
    public void close() {
        // There is nothing to let go of.
    }
}
