package dev.agentruntime.client;

/** An answer began and did not come to its end. What was read of it counts as far as it goes. */
public final class BrokenOffException extends AgentRuntimeException {

    private static final long serialVersionUID = 1;

    BrokenOffException(String message) {
        super(message);
    }

    BrokenOffException(String message, Throwable cause) {
        super(message, cause);
    }
}
