package dev.agentruntime.invocation;

import dev.agentruntime.api.EndCode;
import dev.agentruntime.api.Invocation.Outcome;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionView;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Why a request that was sent to an agent has no answer: whose fault that is, and what its caller is told.
 *
 * @param outcome AGENT_ERROR, BUDGET where the session was ended for one, or ABANDONED where it is the caller's
 */
record NoAnswer(Outcome outcome, Refusal refusal) {

    /** A body that fails after such a pause has timed out, whatever the container calls that. */
    private static final Duration STOPPED = Duration.ofSeconds(30);
    /** An agent that has waited for its caller for longer may close the connection without being at fault. */
    private static final Duration SLOW = Duration.ofSeconds(5);

    /**
     * @param cause   what the client for agents has seen, or why the body could not be read
     * @param session gives it as it stands now
     * @param running whether the client for agents takes requests: one that is closed refuses them, too
     */
    static NoAnswer of(Throwable cause, Upload upload, Supplier<SessionView> session, boolean running) {
        if (upload.failure().isPresent() || upload.lacked().compareTo(cause instanceof TimeoutException ? Duration.ZERO : SLOW) > 0) {
            return new NoAnswer(Outcome.ABANDONED, unreadable(cause, upload));
        }
        if (cause instanceof RejectedExecutionException && running) {
            return new NoAnswer(Outcome.ABANDONED, Refusal.of(Kind.THROTTLED, AgentClient.MOST_WAITING
                    + " requests of this session wait for its agent, as many as may; send fewer at a time"));
        }
        SessionView now = session.get();
        if (now.endCode().filter(code -> code == EndCode.BUDGET).isPresent()) {
            return new NoAnswer(Outcome.BUDGET, Refusal.of(Kind.QUOTA,
                    "The session was ended before the agent answered: " + now.terminationReason().orElse("it reached a budget.")));
        }
        String why = cause instanceof TimeoutException
                ? "The agent gave " + cause.getMessage() + "; answer sooner, stream, or work on in the background"
                : now.terminationReason().map(ended -> "The session ended before the agent answered: " + ended)
                        .orElseGet(() -> "The agent broke off before it answered: " + reason(cause));
        return new NoAnswer(Outcome.AGENT_ERROR, Refusal.of(Kind.AGENT, why));
    }

    /** To a caller who has left this is told in vain. */
    private static Refusal unreadable(Throwable cause, Upload upload) {
        return upload.failure().isEmpty() || cause instanceof SocketTimeoutException || upload.lacked().compareTo(STOPPED) > 0
                ? Refusal.ofStatus(HttpServletResponse.SC_REQUEST_TIMEOUT, "The request's body stopped coming before its end")
                : Refusal.of(Kind.VALIDATION, "The request's body cannot be read to its end: " + cause.getMessage());
    }

    /** Jetty's end of file describes its own connection, which tells a caller nothing. The agent may have a part in other words. */
    static String reason(Throwable cause) {
        if (cause instanceof EOFException) {
            return "it closed the connection";
        }
        boolean speaks = cause instanceof IOException && cause.getMessage() != null;
        return Fault.excerpt(speaks ? cause.getMessage() : cause.toString());
    }
}
