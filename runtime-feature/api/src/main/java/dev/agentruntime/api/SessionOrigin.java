package dev.agentruntime.api;

/** What a session was when an invocation reached it: a caller that relies on the agent's state wants to know. */
public enum SessionOrigin {
    /** Its id was never used before: this invocation began it. */
    NEW,
    /** An earlier session of this id has ended, and its state is gone: this invocation began it anew. */
    RENEWED,
    /** The session was there. */
    CONTINUED
}
