package dev.agentruntime.store;

/** The ledger could not be read or written; the message says which, why and what to do. */
public final class LedgerException extends RuntimeException {

    /** Whose fault it is. */
    public enum Why {
        /** The database is away, slow or not set up: others' work fails, too, and the same may succeed later. */
        AWAY,
        /** As AWAY, because there is no data source yet: a server that starts binds it later. */
        NOT_BOUND,
        /** The database refuses what was to be written. */
        REFUSED
    }

    private final Why why;

    public LedgerException(Why why, String message, Throwable cause) {
        super(message, cause);
        this.why = why;
    }

    LedgerException(Why why, String message) {
        super(message);
        this.why = why;
    }

    public Why why() {
        return why;
    }
}
