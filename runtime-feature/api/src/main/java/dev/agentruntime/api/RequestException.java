package dev.agentruntime.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

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
        /** The same request may succeed in a moment: the session is being ended, say, or the hypervisor does not answer. Ask again. */
        RETRYABLE_CONFLICT,
        /** No room for another session. */
        QUOTA,
        /** Too much at once: ask again later. */
        THROTTLED,
        /** The agent does not start, or died. */
        AGENT,
        /** The server is being stopped: another one, or this one when it has started again, may do what was asked. Ask again. */
        UNAVAILABLE,
        /** The platform failed. */
        PLATFORM
    }

    private final Kind kind;
    private final transient List<String> log;
    private final transient Optional<Duration> retryAfter;

    public RequestException(Kind kind, String message) {
        this(kind, message, List.of());
    }

    /** @param log the guest's log lines that show why, oldest first */
    public RequestException(Kind kind, String message, List<String> log) {
        super(message);
        this.kind = kind;
        this.log = List.copyOf(log);
        this.retryAfter = Optional.empty();
    }

    private RequestException(Kind kind, String message, Duration retryAfter) {
        super(message);
        this.kind = kind;
        this.log = List.of();
        this.retryAfter = Optional.of(retryAfter);
    }

    /** Too much at once, which will be less after a time. */
    public static RequestException throttled(String message, Duration retryAfter) {
        return new RequestException(Kind.THROTTLED, message, retryAfter);
    }

    public RequestException(Kind kind, String message, Throwable cause) {
        this(kind, message, List.of(), cause);
    }

    /** @param log the guest's log lines that show why, oldest first */
    public RequestException(Kind kind, String message, List<String> log, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.log = List.copyOf(log);
        this.retryAfter = Optional.empty();
    }

    public Kind kind() {
        return kind;
    }

    /** The guest's log lines that show why, oldest first; empty where the guest had no part in it. */
    public List<String> log() {
        return log;
    }

    /** When asking again may help; empty where that is not known. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
