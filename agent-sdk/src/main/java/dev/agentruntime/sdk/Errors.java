package dev.agentruntime.sdk;

import java.lang.reflect.InvocationTargetException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Failures as the JSON a caller sees. */
final class Errors {

    private Errors() {
    }

    /** What really went wrong, without the wrappers that reflection and futures put around it. */
    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && (cause instanceof InvocationTargetException
                || cause instanceof CompletionException || cause instanceof ExecutionException)) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Where a failure began, below whatever a container has wrapped around it. */
    static Throwable origin(Throwable failure) {
        Throwable origin = failure;
        while (origin.getCause() != null) {
            origin = origin.getCause();
        }
        return origin;
    }

    /** The outermost failure of this kind among a failure and its causes. */
    static <T extends Throwable> Optional<T> find(Class<T> kind, Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (kind.isInstance(t)) {
                return Optional.of(kind.cast(t));
            }
        }
        return Optional.empty();
    }

    /** The body of a 500. */
    static String body(Throwable failure) {
        return "{\"error\":" + JsonText.quote(message(failure))
                + ",\"errorType\":" + JsonText.quote(failure.getClass().getName()) + "}";
    }

    /** The body of a 400. */
    static String body(BadRequestException refusal) {
        return "{\"error\":" + JsonText.quote(refusal.getMessage())
                + ",\"details\":" + JsonText.quote(refusal.details()) + "}";
    }

    /** What a caller is told whose user has to consent first, as an answer and as the last item of a stream. */
    static String consent(AuthorizationRequiredException required) {
        return "{\"authorizationRequired\":{\"provider\":" + JsonText.quote(required.provider())
                + ",\"authorizationUrl\":" + JsonText.quote(required.authorizationUrl())
                + ",\"sessionUri\":" + JsonText.quote(required.sessionUri()) + "}}";
    }

    /** The last item of a stream that failed. Its field names are those of AgentCore's streams. */
    static String lastItem(Throwable failure) {
        if (cause(failure) instanceof AuthorizationRequiredException required) {
            return consent(required);
        }
        return "{\"error\":" + JsonText.quote(message(failure))
                + ",\"error_type\":" + JsonText.quote(failure.getClass().getName())
                + ",\"message\":\"The agent failed while it was streaming\"}";
    }

    static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getName() : message;
    }
}
