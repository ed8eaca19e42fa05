package dev.agentruntime.api;

import java.util.List;
import java.util.Set;

/** An invocation that holds its session Active until it is closed. Thread-safe. */
public interface Invocation extends AutoCloseable {

    /** The session's id, generated where the request brought none. */
    String sessionId();

    /** Whether the session was there, or was begun by this invocation. Does not block. */
    SessionOrigin origin();

    /** Names this invocation in the agent's log and ours: a UUID. */
    String requestId();

    /** The VM that serves it, by its name at the hypervisor; no other VM has that name. */
    String vm();

    /** Where its agent takes it: the target of the request to it, encoded as it goes over the wire. Does not block. */
    String path();

    /** Whether the agent is to have the caller's own token. Does not block. */
    boolean passesToken();

    /** Headers that the agent is to have besides those that every agent gets, by their names in small letters. Does not block. */
    Set<String> headers();

    /**
     * Opens a byte stream to {@code target} in the session's VM. Does not block.
     *
     * @throws RequestException the session has ended, or its VM is gone or its link is down: of kind PLATFORM
     */
    GuestStream connect(Target target);

    /** The last lines of the guest's log, oldest first. Blocks for a moment. */
    List<String> logTail(int lines);

    /** The session as it stands, its usage up to its last reading. Does not block. */
    SessionView session();

    /** What the session has used up to this moment. Asks the meter, which takes well under a millisecond. */
    Usage usage();

    /** Ends the invocation: says how it went and lets the session become Idle. Idempotent; the first outcome counts. */
    void close(Outcome outcome);

    /** The same as {@code close(Outcome.ABANDONED)}. */
    @Override
    default void close() {
        close(Outcome.ABANDONED);
    }

    /** How an invocation went. */
    enum Outcome {
        /** The agent answered with success. */
        SUCCESS,
        /** The agent answered with an error or broke off. */
        AGENT_ERROR,
        /** The platform failed it. */
        PLATFORM_ERROR,
        /** The session was ended for a budget that it reached. */
        BUDGET,
        /** The caller had left and asked that the work be cancelled. */
        ABANDONED
    }
}
