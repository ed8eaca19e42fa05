package dev.agentruntime.api;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The platform as its front doors see it: agent runtimes, their sessions, invocations. Thread-safe. Published in JNDI as
 * {@link #JNDI_NAME}. Methods throw {@link RequestException} for the caller's mistakes; futures complete with it.
 */
public interface Platform {

    /** Where Liberty applications look this up. */
    String JNDI_NAME = "agent/runtime";

    /** The property of the service that names this server among those on its database. */
    String SERVER_ID = "agentruntime.server.id";

    /** Every agent runtime, READY or not, by name. Does not block. */
    List<AgentRuntimeView> runtimes();

    /** One agent runtime; NOT_FOUND when there is none of that name. Does not block. */
    AgentRuntimeView runtime(String name);

    /**
     * The name of the agent runtime that callers mean by {@code given}, which may be an id that the control plane gave it; the same text
     * where it is no other name of any. Does not block.
     */
    String meant(String given);

    /**
     * Counts a request that a front door has taken. Does not block.
     *
     * @throws RequestException there are as many in this second as there may be: of kind THROTTLED
     */
    void count(Caller caller);

    /** Tells every listener of a request for a credential. Does not block. */
    default void credentialRead(CredentialRead read) {}

    /**
     * Gives an invocation its session and the session its VM, starting one when there is none. A second request for a
     * session that is being started waits for the same VM. Does not block. The future completes before this returns where the
     * session serves already, otherwise on a thread of the platform's that belongs to this session.
     */
    CompletionStage<Invocation> invoke(InvocationRequest request);

    /** The runtime's sessions that the caller may see, newest first, ended ones included for a day. Reads the ledger. */
    List<SessionView> sessions(String runtime, Caller caller);

    /** One session; FORBIDDEN when it is another's, NOT_FOUND when it never was. Reads the ledger. */
    SessionView session(String runtime, String sessionId, Caller caller);

    /**
     * Ends a session. Completes when its VM is proven gone; with {@link RequestException} when the VM could not be destroyed yet,
     * which the platform goes on trying. Ending an ended session changes nothing. Does not block.
     */
    CompletionStage<SessionView> stop(String runtime, String sessionId, Caller caller);

    /**
     * Begins sessions that have the memory of one that rests, each in a VM of its own with entropy, a name, a meter and an id of its own.
     * Completes when the memory is written down, while their VMs are being started; with {@link RequestException} when there is no such session,
     * it is at work, or the host cannot. FORBIDDEN for all but its owner. Does not block.
     *
     * @param count how many
     */
    CompletionStage<List<SessionView>> fork(String runtime, String sessionId, Caller caller, int count);

    /**
     * Puts a session that rests on the disk, whether or not it would go there by itself. Completes when its VM is gone; with
     * {@link RequestException} when there is no such session, it is at work, or the host cannot. FORBIDDEN when it is another's. For one that is there
     * already nothing changes. Does not block.
     *
     * @return the session as it is on the disk
     */
    CompletionStage<SessionView> hibernate(String runtime, String sessionId, Caller caller);

    /**
     * Changes how long one session may be idle before it is ended, for the rest of its life. FORBIDDEN when it is another's, NOT_FOUND
     * when none of that id lives. Does not block.
     *
     * @return the session, with what it was changed to
     */
    SessionView changeIdleTimeout(String runtime, String sessionId, Caller caller, Duration idleTimeout);

    /** The running sessions whose agent should be asked how it is. Does not block. */
    List<SessionProbe> probes();

    /** How the ping loop is to behave, as configured now. */
    PingPolicy pingPolicy();

    /** The claim of a token that names its caller's tenant, as configured now. */
    String tenantClaim();

    /** What health checks need. Does not block and does not ask the hypervisor. */
    PlatformStatus status();

    /** Tells {@code listener} of everything from now on, until the returned registration is closed. */
    Registration listen(PlatformListener listener);

    /** Has {@code watcher} told of every session at rest from now on, until the returned registration is closed. */
    Registration watchRest(RestWatcher watcher);

    /** Ends what it stands for when closed. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
