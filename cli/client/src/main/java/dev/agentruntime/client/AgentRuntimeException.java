package dev.agentruntime.client;

/** Why a call has not done what it was to do. Each message is a sentence for whoever called. */
public abstract class AgentRuntimeException extends RuntimeException {

    private static final long serialVersionUID = 1;

    AgentRuntimeException(String message) {
        super(message);
    }

    AgentRuntimeException(String message, Throwable cause) {
        super(message, cause);
    }
}
