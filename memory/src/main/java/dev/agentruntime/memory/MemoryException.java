package dev.agentruntime.memory;

/** A request that is refused; the message tells the caller what was wrong and what to do. */
final class MemoryException extends RuntimeException {

    /** As AgentCore's clients type it. */
    enum Kind {
        QUOTA(402, "ServiceQuotaExceededException"),
        DENIED(403, "AccessDeniedException"),
        NOT_FOUND(404, "ResourceNotFoundException"),
        CONFLICT(409, "ConflictException"),
        INTERNAL(500, "ServiceException");

        private final int status;
        private final String type;

        Kind(int status, String type) {
            this.status = status;
            this.type = type;
        }

        int status() {
            return status;
        }

        String type() {
            return type;
        }
    }

    private final Kind kind;

    MemoryException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    MemoryException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }
}
