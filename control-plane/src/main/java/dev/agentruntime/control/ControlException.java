package dev.agentruntime.control;

import dev.agentruntime.requests.Check;
import dev.agentruntime.requests.FieldProblem;
import dev.agentruntime.requests.InputException.Reason;
import java.util.List;

/** A request that is refused; the message tells the caller what was wrong and what to do. */
final class ControlException extends RuntimeException {

    /** As AgentCore's clients type it. */
    enum Kind {
        VALIDATION(400, "ValidationException"),
        QUOTA(402, "ServiceQuotaExceededException"),
        NOT_FOUND(404, "ResourceNotFoundException"),
        CONFLICT(409, "ConflictException"),
        TOO_LARGE(413, "ValidationException"),
        THROTTLED(429, "ThrottlingException"),
        INTERNAL(500, "InternalServerException");

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
    private final Reason reason;
    private final transient List<FieldProblem> fields;

    ControlException(Kind kind, String message) {
        this(kind, Reason.FIELD_VALIDATION_FAILED, message, List.of());
    }

    private ControlException(Kind kind, Reason reason, String message, List<FieldProblem> fields) {
        super(message);
        this.kind = kind;
        this.reason = reason;
        this.fields = List.copyOf(fields);
    }

    ControlException(Kind kind, String message, Throwable cause) {
        this(kind, message);
        initCause(cause);
    }

    static ControlException invalid(List<FieldProblem> fields) {
        return new ControlException(Kind.VALIDATION, Reason.FIELD_VALIDATION_FAILED, Check.text(fields), fields);
    }

    static ControlException invalid(String field, String message) {
        return invalid(List.of(new FieldProblem(field, message)));
    }

    static ControlException invalid(Reason reason, String message) {
        return new ControlException(Kind.VALIDATION, reason, message, List.of());
    }

    Kind kind() {
        return kind;
    }

    /** Counts where the kind is VALIDATION. */
    Reason reason() {
        return reason;
    }

    List<FieldProblem> fields() {
        return fields;
    }
}
