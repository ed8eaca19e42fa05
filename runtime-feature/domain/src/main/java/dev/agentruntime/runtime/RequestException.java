package dev.agentruntime.runtime;

/** A request that is refused; the message tells the caller what was wrong and what to do. */
public final class RequestException extends RuntimeException {

    /** Whose fault it is and of what kind; a front door gives each its own answer. */
    public enum Kind {
        /** A field of the request is malformed. */
        VALIDATION,
        /** The session belongs to another subject. */
        FORBIDDEN,
        /** No such agent runtime or session. */
        NOT_FOUND,
        /** The session is being ended: ask again. */
        RETRYABLE_CONFLICT,
        /** No room for another session. */
        QUOTA,
        /** The agent does not start, or died. */
        AGENT,
        /** The platform failed. */
        PLATFORM
    }

    private final Kind kind;

    public RequestException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public RequestException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
