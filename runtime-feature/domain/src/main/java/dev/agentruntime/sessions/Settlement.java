package dev.agentruntime.sessions;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Whether it is known which sessions of the earlier run of the server go on: until then nobody can say what a session is whose id a
 * caller names. Each is settled for itself: one whose guest is slow to answer holds up its own callers. Thread-safe; does not block.
 */
public final class Settlement {

    /** Somebody who waits to learn what a session is. */
    private static final class Question {
        private final SessionKey session;
        private final CompletableFuture<Void> answer = new CompletableFuture<>();

        Question(SessionKey session) {
            this.session = session;
        }
    }

    private final Set<Question> questions = ConcurrentHashMap.newKeySet();
    /** Those that are being looked at; empty until it is known which sessions there are. */
    private Optional<Set<SessionKey>> looked = Optional.empty();
    /** Those that the last look could not settle. */
    private final Set<SessionKey> open = new HashSet<>();

    /** These are being looked at; no other of the earlier run can go on. */
    void looking(Set<SessionKey> candidates) {
        synchronized (this) {
            looked = Optional.of(new HashSet<>(candidates));
            open.clear();
        }
        answer();
    }

    /** It is known whether this one goes on. */
    void settled(SessionKey session) {
        synchronized (this) {
            looked.ifPresent(all -> all.remove(session));
            open.remove(session);
        }
        answer();
    }

    /** The look is over; whoever waits for one that it could not settle need not wait for the next. */
    void looked() {
        synchronized (this) {
            looked.ifPresent(all -> {
                open.addAll(all);
                all.clear();
            });
        }
        answer();
    }

    synchronized boolean isSettled(SessionKey session) {
        return isLookedAt(session) && !open.contains(session);
    }

    private synchronized boolean isLookedAt(SessionKey session) {
        return looked.filter(all -> !all.contains(session)).isPresent();
    }

    private void answer() {
        List<Question> known = questions.stream().filter(question -> isLookedAt(question.session)).toList();
        known.forEach(question -> question.answer.complete(null));
    }

    /**
     * Has {@code request} answered once it is known what the session is. Fails with RETRYABLE_CONFLICT when that takes longer than
     * {@code patience}, or a look could not tell.
     */
    <T> CompletableFuture<T> once(SessionKey session, Duration patience, Executor threads, Supplier<CompletableFuture<T>> request) {
        Question question = new Question(session);
        questions.add(question);
        CompletableFuture<Void> answer = question.answer.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
        answer.whenComplete((known, late) -> questions.remove(question));
        answer(); // it may have become known meanwhile
        return answer.handleAsync((known, late) -> {
            if (!isSettled(session)) {
                throw refusal(session);
            }
            return request.get();
        }, threads).thenCompose(done -> done);
    }

    /** How many wait. */
    int waiting() {
        return questions.size();
    }

    RequestException refusal(SessionKey session) {
        return new RequestException(Kind.RETRYABLE_CONFLICT, "The server has just started and does not know yet whether session " + session.sessionId()
                + " goes on: the database, the hypervisor or its VM does not answer. Ask again in a moment.");
    }
}
