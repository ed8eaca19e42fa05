package dev.agentruntime.testkit;

/** An agent threw a checked exception, which is the cause. */
public final class AgentFailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    AgentFailedException(Throwable cause) {
        super("The agent failed: " + cause, cause);
    }
}
