package dev.agentruntime.store;

/** Whose an id is cannot be known at this moment; the same question may be answered later. The message says why. */
public final class DirectoryUnavailableException extends RuntimeException {

    public DirectoryUnavailableException(String message) {
        super(message);
    }

    public DirectoryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
