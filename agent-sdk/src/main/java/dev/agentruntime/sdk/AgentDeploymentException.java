package dev.agentruntime.sdk;

/** This WAR cannot be an agent as it is. The message names the class and method at fault and says what to change. */
public final class AgentDeploymentException extends RuntimeException {

    AgentDeploymentException(String message) {
        super(message);
    }

    AgentDeploymentException(String message, Throwable cause) {
        super(message, cause);
    }
}
