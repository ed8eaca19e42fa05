package dev.agentruntime.agents;

/** An artifact that cannot be used; the message says which, why and what to do. */
final class ArtifactException extends RuntimeException {

    /** What helps. */
    enum Cure {
        /** Only another artifact, or another setting. */
        CHANGE,
        /** The same artifact may be read later. */
        RETRY
    }

    private final Cure cure;

    ArtifactException(String message, Cure cure) {
        super(message);
        this.cure = cure;
    }

    ArtifactException(String message, Cure cure, Throwable cause) {
        super(message, cause);
        this.cure = cure;
    }

    Cure cure() {
        return cure;
    }
}
