package dev.agentruntime.sessions;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.logging.Logger;

/**
 * Does one thing after the other, in the order in which they came, on whichever thread finds nobody at it. A thread that
 * finds another at it leaves its own to that one. Thread-safe.
 */
final class Outbox {

    private static final Logger LOG = Logger.getLogger(Outbox.class.getName());

    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean emptying;

    synchronized void add(Runnable deed) {
        waiting.add(deed);
    }

    /** Returns when nothing waits, or when another thread sees to it. A deed that fails harms none after it. */
    void empty() {
        if (!claim()) {
            return;
        }
        for (Optional<Runnable> deed = next(); deed.isPresent(); deed = next()) {
            try {
                deed.get().run();
            } catch (RuntimeException | Error e) {
                SessionMessage.UNEXPECTED.log(LOG, e, "carrying out what follows for a session", e.toString());
            }
        }
    }

    private synchronized boolean claim() {
        boolean free = !emptying && !waiting.isEmpty();
        emptying = emptying || free;
        return free;
    }

    private synchronized Optional<Runnable> next() {
        Optional<Runnable> deed = Optional.ofNullable(waiting.poll());
        emptying = deed.isPresent();
        return deed;
    }
}
