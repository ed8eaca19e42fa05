package dev.agentruntime.invocation;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.Subject;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** Counts what stays open for long, WebSockets above all, and bounds it: in all, of one subject, of one session. Thread-safe. */
final class OpenSockets implements AutoCloseable {

    static final int MOST = 1_000;
    static final int MOST_OF_ONE_SUBJECT = 200;
    /** A VM's link carries 96 streams; invocations have 60 of them, and some are the platform's own. */
    static final int MOST_OF_ONE_SESSION = 32;

    private final Semaphore all = new Semaphore(MOST);
    private final Shares<Subject> subjects = new Shares<>(MOST_OF_ONE_SUBJECT);
    private final Shares<String> sessions = new Shares<>(MOST_OF_ONE_SESSION);
    private final Set<Runnable> open = ConcurrentHashMap.newKeySet();

    /** A place for one, which is given back once. */
    interface Place extends AutoCloseable {
        /** Idempotent. */
        @Override
        void close();
    }

    /** @throws RequestException there is none left: of kind THROTTLED */
    Place ofSubject(Subject subject) {
        if (!all.tryAcquire()) {
            throw tooMany("As many WebSockets and commands are open in this server as may be, " + MOST);
        }
        if (!subjects.take(subject)) {
            all.release();
            throw tooMany("You have " + MOST_OF_ONE_SUBJECT + " WebSockets and commands open, as many as one may");
        }
        return once(() -> {
            subjects.giveBack(subject);
            all.release();
        });
    }

    /**
     * @param vm the session's, by its name
     * @throws RequestException there is none left: of kind THROTTLED
     */
    Place ofSession(String vm) {
        if (!sessions.take(vm)) {
            throw tooMany("This session has " + MOST_OF_ONE_SESSION + " WebSockets and commands open, as many as one may");
        }
        return once(() -> sessions.giveBack(vm));
    }

    /** Has {@code stop} run when the front door closes, until the returned place is given back. */
    Place until(Runnable stop) {
        open.add(stop);
        return once(() -> open.remove(stop));
    }

    private static Place once(Runnable giveBack) {
        AtomicBoolean taken = new AtomicBoolean(true);
        return () -> {
            if (taken.getAndSet(false)) {
                giveBack.run();
            }
        };
    }

    private static RequestException tooMany(String what) {
        return new RequestException(Kind.THROTTLED, what + "; close some");
    }

    @Override
    public void close() {
        open.forEach(Runnable::run);
    }
}
