package dev.agentruntime.agents;

import dev.agentruntime.api.Tenant;
import dev.agentruntime.spi.AgentPaths;
import dev.agentruntime.spi.Vm;
import java.util.Optional;

/**
 * A hold on one version of an agent: its template stays until the lease is closed. Cheap enough to be held for a session's
 * whole life. Thread-safe.
 */
public interface AgentLease extends AutoCloseable {

    /** The first 12 digits of the artifact's SHA-256. Does not block. */
    String digest();

    /** Where its WAR is reached. Does not block. */
    AgentPaths paths();

    /** What it says of its sessions itself; stays as it was when it was prepared. Does not block. */
    SessionTerms terms();

    /** Whether its agent is to have callers' own tokens: as configured now, or as a room has offered it. Does not block. */
    boolean passesToken();

    /**
     * A VM that waits for a session; the caller owns it from now on. Empty when none waits, or when the agent's sessions
     * share no memory between tenants. Counts as an arrival of a session, so it is called once for each. Does not block.
     */
    Optional<WaitingVm> takeWaiting();

    /**
     * Starts a VM for a session of {@code tenant}. Blocks as {@link dev.agentruntime.spi.AgentTemplate#start()} does.
     *
     * @throws dev.agentruntime.spi.VmException as the driver throws it; nothing of the VM is left
     */
    Vm start(Tenant tenant);

    /** Keeps pools from being filled while a session is being started. Does not block. */
    Starting starting();

    /** Another hold on the same version, with a life of its own. Does not block. */
    AgentLease again();

    /** Lets the version go. Closing it again changes nothing. Does not block. */
    @Override
    void close();

    /** A session is being started until this is closed. Closing it again changes nothing. Does not block. */
    interface Starting extends AutoCloseable {
        @Override
        void close();
    }
}
