package dev.agentruntime.sdk;

/** A credential cannot be had. */
public class CredentialException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String type;

    /** Made by the SDK, and by tests of agents. */
    public CredentialException(String type, String message) {
        super(message);
        this.type = type;
    }

    CredentialException(String type, String message, Throwable cause) {
        super(message, cause);
        this.type = type;
    }

    /** What kind of refusal it was, as AgentCore names them, such as {@code AccessDeniedException}; empty text where nobody was asked. */
    public String type() {
        return type;
    }
}
