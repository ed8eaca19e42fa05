package dev.agentruntime.store;

/** A session as the ledger's keeper sees it. Thread-safe; no method blocks. */
public interface Account {

    /** Names the session for good; the same as in its record. */
    String rowId();

    /** The session as it stands. */
    SessionRecord record();
}
