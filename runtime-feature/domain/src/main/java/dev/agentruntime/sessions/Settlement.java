package dev.agentruntime.sessions;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Whether it is known which sessions of the earlier run of the server go on: until then nobody can say what a session is whose id a
 * caller names. Thread-safe; does not block.
 */
public final class Settlement {

    private final CompletableFuture<Void> known = new CompletableFuture<>();
    private volatile Set<SessionKey> open = Set.of();

    /** All have been looked at; of these it is not known yet. */
    void looked(Set<SessionKey> notYet) {
        open = Set.copyOf(notYet);
        known.complete(null);
    }

    boolean isSettled(SessionKey session) {
        return known.isDone() && !open.contains(session);
    }

    /**
     * Has {@code request} answered once it is known what the session is. Fails with RETRYABLE_CONFLICT when that takes longer than
     * {@code patience}, or is not known of this one session alone.
     */
    <T> CompletableFuture<T> once(SessionKey session, Duration patience, Executor threads, Supplier<CompletableFuture<T>> request) {
        return known.copy().orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS).handleAsync((done, late) -> {
            if (!isSettled(session)) {
                throw refusal(session);
            }
            return request.get();
        }, threads).thenCompose(answer -> answer);
    }

    RequestException refusal(SessionKey session) {
        return new RequestException(Kind.RETRYABLE_CONFLICT, "The server has just started and does not know yet whether session " + session.sessionId()
                + " goes on: the database, the hypervisor or its VM does not answer. Ask again in a moment.");
    }
}
