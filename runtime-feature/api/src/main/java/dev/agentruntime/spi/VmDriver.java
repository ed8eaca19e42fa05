package dev.agentruntime.spi;

import dev.agentruntime.api.HypervisorStatus;
import java.util.List;
import java.util.function.Consumer;

/** One hypervisor. Thread-safe; the methods block unless they say otherwise. */
public interface VmDriver extends AutoCloseable {

    /** What the hypervisor can do now. Does not block: returns what was last seen. */
    HypervisorStatus status();

    /**
     * Makes an agent ready to start: boots or loads the base template, deploys the WAR into it and keeps the result.
     * Takes seconds with a cached base template, minutes without one. May be called for several agents at once.
     *
     * @param progress told of each step in a sentence, on any thread
     * @throws AgentStartException the agent's own fault: its WAR does not start
     * @throws HypervisorAwayException the hypervisor does not answer now; nothing is wrong with the agent
     * @throws NoRoomException         the host has no room for the VM that makes it
     * @throws VmException             the platform's fault
     */
    AgentTemplate prepare(AgentSpec spec, Consumer<String> progress);

    /**
     * The VMs of this server that an earlier run left behind, and none of this run. Changes nothing.
     *
     * @throws HypervisorAwayException it cannot be asked now
     */
    List<FoundVm> survey();

    /**
     * Destroys every VM that an earlier run of this server left behind and returns what became of each. VMs of this run are
     * left alone. A VM that cannot be destroyed does not keep the others; call again for what is left.
     *
     * @throws HypervisorAwayException it cannot be asked now; nothing has changed
     */
    Reclaimed reclaim();

    /** Destroys every VM of this server and lets go of the hypervisor. */
    @Override
    void close();
}
