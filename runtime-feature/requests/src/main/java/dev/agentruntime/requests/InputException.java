package dev.agentruntime.requests;

import java.util.List;

/** A request that is not as its operation takes it; the message tells the caller what was wrong and what to do. */
public final class InputException extends RuntimeException {

    /** Why a request is not valid, as AgentCore names it. */
    public enum Reason {
        CANNOT_PARSE("CannotParse"),
        FIELD_VALIDATION_FAILED("FieldValidationFailed"),
        IDEMPOTENT_PARAMETER_MISMATCH("IdempotentParameterMismatchException");

        private final String word;

        Reason(String word) {
            this.word = word;
        }

        /** As it stands in answers. */
        public String word() {
            return word;
        }
    }

    private static final int BAD_REQUEST = 400;
    private static final int TOO_LARGE = 413;

    private final int status;
    private final Reason reason;
    private final transient List<FieldProblem> fields;

    private InputException(int status, Reason reason, String message, List<FieldProblem> fields) {
        super(message);
        this.status = status;
        this.reason = reason;
        this.fields = List.copyOf(fields);
    }

    /** Fields of the request are not what they must be. */
    public static InputException invalid(List<FieldProblem> fields) {
        return new InputException(BAD_REQUEST, Reason.FIELD_VALIDATION_FAILED, Check.text(fields), fields);
    }

    /** A field of the request is not what it must be. */
    public static InputException invalid(String field, String message) {
        return invalid(List.of(new FieldProblem(field, message)));
    }

    static InputException invalid(Reason reason, String message) {
        return new InputException(BAD_REQUEST, reason, message, List.of());
    }

    static InputException tooLarge(String message) {
        return new InputException(TOO_LARGE, Reason.FIELD_VALIDATION_FAILED, message, List.of());
    }

    /** The answer's HTTP status. */
    public int status() {
        return status;
    }

    public Reason reason() {
        return reason;
    }

    public List<FieldProblem> fields() {
        return fields;
    }
}
