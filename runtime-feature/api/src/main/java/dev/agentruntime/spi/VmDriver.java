package dev.agentruntime.spi;

import dev.agentruntime.api.HypervisorStatus;
import dev.agentruntime.api.SnapshotKey;
import dev.agentruntime.api.StartMode;
import java.util.List;
import java.util.Set;
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
     * Takes up a VM that an earlier run of this server left behind and in which a session has begun. It runs afterwards, also where
     * it was paused, and belongs to this run. Blocks until its guest has answered.
     *
     * @param name as {@link #survey()} has told it
     * @param startMode how it came to life, as the earlier run knew
     * @throws HypervisorAwayException nothing is known to be wrong with it; ask again
     * @throws VmException             it cannot go on; it is as it was, and {@link #reclaim} destroys it
     */
    Vm adopt(String name, StartMode startMode);

    /**
     * Takes up a VM that an earlier run of this server put on the disk. Asks no hypervisor, and blocks as a disk does.
     *
     * @throws VmException the file or its template is gone, or the key is none: it cannot go on
     */
    Snapshot reopen(SnapshotKey key);

    /**
     * Destroys the VMs that an earlier run of this server left behind, and removes what it put on the disk and nobody has taken up; returns what became of each VM. VMs of this run, those among
     * them that were adopted, are left alone. A VM that cannot be destroyed does not keep the others; call again for what is left.
     *
     * @param spared names of VMs that may be adopted yet, which are left as they are
     * @throws HypervisorAwayException it cannot be asked now; nothing has changed
     */
    Reclaimed reclaim(Set<String> spared);

    /** Destroys every VM of this server, but for those that were left to its next run, and lets go of the hypervisor. */
    @Override
    void close();
}
