package dev.agentruntime.runtime.liberty;

import dev.agentruntime.runtime.spi.AgentSpec;
import dev.agentruntime.runtime.spi.AgentTemplate;
import dev.agentruntime.runtime.spi.HypervisorStatus;
import dev.agentruntime.runtime.spi.MeterReading;
import dev.agentruntime.runtime.spi.VmDriver;
import dev.agentruntime.runtime.spi.VmException;
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
    public Map<String, MeterReading> reclaim() {
        return Map.of();
    }

    @Override
    public void close() {
        // There is nothing to let go of.
    }
}
