package dev.agentruntime.api;

/** What can fail, for meters. */
public enum PlatformFailure {
    /** An agent did not start in its guest. */
    AGENT_START,
    /** A session's VM could not be started. */
    VM_START,
    /** A session's VM ended by itself. */
    VM_DEATH,
    /** A VM could not be made ahead. */
    POOL,
    /** An ended session's VM could not be destroyed yet. */
    DESTROY,
    /** The database could not be read or written. */
    LEDGER
}
