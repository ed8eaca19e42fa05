package dev.agentruntime.libvirt;

import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Tenant;
import dev.agentruntime.spi.AgentTemplate;
import dev.agentruntime.spi.Vm;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * An agent that is ready.
 *
 * @param startMode     how {@code starter} starts it
 * @param buildCpuNanos what making it cost
 * @param starter       starts a VM of it
 * @param apart         starts one that shares its template's memory with those of its tenant alone
 * @param ladder        the rungs on which VMs of it can wait for their sessions
 * @param ahead         makes a VM that waits on a rung
 * @param release       lets go of what it holds
 */
record PreparedAgent(
        StartMode startMode, long buildCpuNanos, Supplier<Vm> starter, Function<Tenant, Vm> apart, Ladder ladder,
        Function<StartMode, Vm> ahead, Runnable release)
        implements AgentTemplate {

    @Override
    public Vm start() {
        return starter.get();
    }

    @Override
    public Vm start(Tenant tenant) {
        return apart.apply(tenant);
    }

    @Override
    public Vm makeAhead() {
        return ladder.climb(ahead);
    }

    @Override
    public void close() {
        release.run();
    }
}
