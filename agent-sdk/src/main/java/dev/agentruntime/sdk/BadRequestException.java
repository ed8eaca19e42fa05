package dev.agentruntime.sdk;

/** The caller's body cannot be read as what the entrypoint takes. */
final class BadRequestException extends RuntimeException {

    private final String details;

    BadRequestException(String message, String details, Throwable cause) {
        super(message, cause);
        this.details = details;
    }

    String details() {
        return details;
    }
}
