package dev.agentruntime.supervisor;

import java.util.List;

/** Something in the guest failed. The message is written for the person who deployed the agent. */
class GuestException extends RuntimeException {
    private final transient List<String> logLines;

    GuestException(String message) {
        this(message, List.of());
    }

    GuestException(String message, Throwable cause) {
        super(message, cause);
        this.logLines = List.of();
    }

    GuestException(String message, List<String> logLines) {
        super(message);
        this.logLines = List.copyOf(logLines);
    }

    /** What Open Liberty said about it; may be empty. */
    List<String> logLines() {
        return logLines;
    }
}
