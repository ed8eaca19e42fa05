package dev.agentruntime.agents;

/** A WAR that cannot be used; the message says which, why and what to do. */
final class WarException extends RuntimeException {

    WarException(String message, Throwable cause) {
        super(message, cause);
    }
}
