package dev.agentruntime.client;

/** Nothing answered, or not in time: the server is not there, or what lies between does not let through. */
public final class UnreachableException extends AgentRuntimeException {

    private static final long serialVersionUID = 1;

    UnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
