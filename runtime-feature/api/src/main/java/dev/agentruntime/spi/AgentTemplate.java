package dev.agentruntime.spi;

import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Tenant;

/** An agent version that is ready to be started any number of times. Thread-safe. */
public interface AgentTemplate extends AutoCloseable {

    /** How {@link #start()} starts a VM: {@link StartMode#CLONE}, or {@link StartMode#BOOT} where cloning cannot work. */
    StartMode startMode();

    /** CPU spent to make this template and to try it, in nanoseconds; little when it came from the cache. Charged to the platform. */
    long buildCpuNanos();

    /**
     * Starts a VM that has not begun a session yet. Blocks: about a second for a clone, minutes for a boot.
     *
     * @throws TemplateLostException   the template's files are gone or damaged; prepare the agent anew
     * @throws HypervisorAwayException the hypervisor does not answer now
     * @throws NoRoomException         the host has no room for it now
     * @throws VmException             the VM could not be started; nothing of it is left
     */
    Vm start();

    /**
     * As {@link #start()}, but the VM shares no page of the template's memory with a VM that was started for another tenant
     * or for none. A tenant's first start takes longer where that takes a copy of the template, which is kept for its next.
     *
     * @throws VmException as for {@link #start()}, and when the copy could not be made; nothing of it is left
     */
    Vm start(Tenant tenant);

    /**
     * Makes a VM before there is a session for it and brings it as near to its first request as it will go:
     * {@link StartMode#PRIMED} where that works, else the next rung of the ladder; a rung that fails is reported in the log
     * and left out. The VM is paused and costs no CPU; {@link Vm#begin} takes it the rest of its way. Blocks for some seconds
     * where VMs are cloned, for minutes where they are booted.
     *
     * @throws VmException as for {@link #start()}
     */
    Vm makeAhead();

    /** Lets the driver drop the template once its last VM is gone. Running VMs go on. */
    @Override
    void close();
}
