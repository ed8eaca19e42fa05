package dev.agentruntime.client;

/** What answered does not speak this API: another program at the address, another path, or a proxy on the way. */
public final class UnexpectedAnswerException extends AgentRuntimeException {

    private static final long serialVersionUID = 1;

    UnexpectedAnswerException(String message) {
        super(message);
    }

    UnexpectedAnswerException(String message, Throwable cause) {
        super(message, cause);
    }
}
