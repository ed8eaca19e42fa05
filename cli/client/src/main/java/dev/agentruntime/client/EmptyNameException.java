package dev.agentruntime.client;

/** What is asked for has an empty name: most often that of a variable that is not set. Nothing was asked of the server. */
public final class EmptyNameException extends AgentRuntimeException {

    private static final long serialVersionUID = 1L;

    EmptyNameException() {
        super("A name or an id is empty. Is a variable not set?");
    }
}
