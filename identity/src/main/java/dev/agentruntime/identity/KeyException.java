package dev.agentruntime.identity;

/** A key that is not there or cannot be used. The message says why and what to do, and has nothing of a key. */
final class KeyException extends RuntimeException {

    KeyException(String message) {
        super(message);
    }

    KeyException(String message, Throwable cause) {
        super(message, cause);
    }
}
