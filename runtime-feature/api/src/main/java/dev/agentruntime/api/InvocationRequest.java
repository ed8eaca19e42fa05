package dev.agentruntime.api;

import java.util.Optional;

/**
 * One invocation, before it has a session.
 *
 * @param runtime     the agent runtime's name
 * @param sessionId   the session to go on with or to begin; empty for a new one under a generated id
 * @param caller      who asks
 * @param qualifier   the endpoint that a new session begins on; empty text for the standard one. A session that lives stays where it is
 * @param ifNoneLives what is done where no session of this id lives
 * @param purpose     what of the session's VM is wanted
 */
public record InvocationRequest(
        String runtime, Optional<String> sessionId, Caller caller, String qualifier, IfNoneLives ifNoneLives, Purpose purpose) {

    /** What of a VM is wanted. */
    public enum Purpose {
        /** Its agent. */
        AGENT,
        /** The system below it, as commands and shells have it. Not whoever may invoke an agent may do that. */
        SYSTEM
    }

    /** What is done where no session of the id lives: it never was, it has ended, or it is being ended. */
    public enum IfNoneLives {
        /** One is begun. */
        BEGIN,
        /** The request is refused with NOT_FOUND: it makes sense to that session only. */
        REFUSE
    }

    /** An invocation that begins a session where none lives. */
    public InvocationRequest(String runtime, Optional<String> sessionId, Caller caller) {
        this(runtime, sessionId, caller, IfNoneLives.BEGIN);
    }

    /** An invocation on the standard endpoint. */
    public InvocationRequest(String runtime, Optional<String> sessionId, Caller caller, IfNoneLives ifNoneLives) {
        this(runtime, sessionId, caller, "", ifNoneLives, Purpose.AGENT);
    }

    /** The same on another endpoint. */
    public InvocationRequest at(String endpoint) {
        return new InvocationRequest(runtime, sessionId, caller, endpoint, ifNoneLives, purpose);
    }

    /** The same with another purpose. */
    public InvocationRequest to(Purpose other) {
        return new InvocationRequest(runtime, sessionId, caller, qualifier, ifNoneLives, other);
    }

    /** The same for the session of that id. */
    public InvocationRequest in(String session) {
        return new InvocationRequest(runtime, Optional.of(session), caller, qualifier, ifNoneLives, purpose);
    }
}
