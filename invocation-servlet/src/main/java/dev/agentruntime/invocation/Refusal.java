package dev.agentruntime.invocation;

import dev.agentruntime.api.BodyRefusedException;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Causes;
import dev.agentruntime.api.InboundVerdict;
import dev.agentruntime.api.RequestException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An error as AgentCore answers it: a status, a type for {@code x-amzn-ErrorType}, a message; and what AgentCore leaves
 * out, the agent's own words.
 *
 * @param agent what the agent answered; empty when it is not the agent's answer that is being refused
 * @param log   the guest's last log lines, oldest first; empty unless the agent is at fault
 * @param retryAfter when asking again may help; empty where it will not, or that is not known
 */
record Refusal(int status, String type, String message, Optional<Fault> agent, List<String> log, Optional<Duration> retryAfter) {

    private static final Duration IN_A_MOMENT = Duration.ofSeconds(1);

    Refusal(int status, String type, String message) {
        this(status, type, message, Optional.empty(), List.of(), inAMoment(status, type));
    }

    private static Optional<Duration> inAMoment(int status, String type) {
        return status == 429 || status == 503 || type.equals("RetryableConflictException") ? Optional.of(IN_A_MOMENT) : Optional.empty();
    }

    /** The answer to {@code thrown}: the caller's, the agent's and the platform's fault each get their own. */
    static Refusal of(Throwable thrown) {
        Throwable failure = Causes.bare(thrown);
        if (failure instanceof RequestException refused) {
            return of(refused.kind(), refused.getMessage()).withLog(refused.log()).after(refused.retryAfter());
        }
        if (failure instanceof BodyRefusedException refused) {
            return of(refused.refusal());
        }
        return of(RequestException.Kind.PLATFORM, "The platform failed: " + failure.getMessage()
                + ". The server's log has the details; try again, and tell its operator if it goes on");
    }

    /**
     * The answer to {@code caller}, whose session could not begin: how an agent is made is its administrators' matter, and what its guest said
     * then too. What a session's own guest says is its caller's as well.
     */
    static Refusal of(Throwable failure, Caller caller) {
        Refusal refusal = of(failure);
        return caller.admin() ? refusal.withLog(GuestLogs.tail(refusal.log())) : refusal.withLog(List.of()).withoutFolders();
    }

    /** The answer to a caller whose credentials do not do. */
    static Refusal of(InboundVerdict.Refused refused) {
        return new Refusal(refused.status(), refused.type(), refused.message());
    }

    static Refusal of(RequestException.Kind kind, String message) {
        return switch (kind) {
            case VALIDATION -> new Refusal(400, "ValidationException", message);
            case FORBIDDEN -> new Refusal(403, "AccessDeniedException", message);
            case NOT_FOUND -> new Refusal(404, "ResourceNotFoundException", message);
            case RETRYABLE_CONFLICT -> new Refusal(409, "RetryableConflictException", message);
            case THROTTLED -> new Refusal(429, "ThrottlingException", message);
            case QUOTA -> new Refusal(402, "ServiceQuotaExceededException", message);
            case AGENT -> new Refusal(424, "RuntimeClientError", message);
            case UNAVAILABLE -> new Refusal(503, "InternalServerException", message);
            case PLATFORM -> new Refusal(500, "InternalServerException", message);
        };
    }

    /** The answer to what the web container itself refused. */
    static Refusal ofStatus(int status, String message) {
        return switch (status) {
            case 400 -> of(RequestException.Kind.VALIDATION, message);
            case 401 -> new Refusal(401, "UnauthorizedException", message);
            case 403 -> of(RequestException.Kind.FORBIDDEN, message);
            case 404 -> of(RequestException.Kind.NOT_FOUND, message);
            case 429 -> of(RequestException.Kind.THROTTLED, message);
            default -> status < 500
                    ? new Refusal(status, "ValidationException", message)
                    : new Refusal(status, "InternalServerException", message);
        };
    }

    /** The same with the names of files in its message, and not where they are on the host. */
    Refusal withoutFolders() {
        return new Refusal(status, type, Views.withoutFolders(message), agent, log, retryAfter);
    }

    /** The same in other words. */
    Refusal saying(String words) {
        return new Refusal(status, type, words, agent, log, retryAfter);
    }

    Refusal with(Fault fault) {
        return new Refusal(status, type, message, Optional.of(fault), log, retryAfter);
    }

    Refusal withLog(List<String> lines) {
        return new Refusal(status, type, message, agent, lines, retryAfter);
    }

    private Refusal after(Optional<Duration> known) {
        return new Refusal(status, type, message, agent, log, known.or(() -> retryAfter));
    }
}
