package dev.agentruntime.features;

/** A WAR, or what is said about it, cannot be run as it is. The message says why, and what to change. */
public final class UnsuitableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnsuitableException(String message) {
        super(message);
    }
}
