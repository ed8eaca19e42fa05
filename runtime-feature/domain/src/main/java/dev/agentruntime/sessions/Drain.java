package dev.agentruntime.sessions;

import dev.agentruntime.api.Durations;
import dev.agentruntime.api.EndCode;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.PlatformListener;
import dev.agentruntime.api.SessionView;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Logger;

/** Waits, while the server is being stopped, until sessions at work have come to its end. Whoever is let in meanwhile is waited for too. */
final class Drain implements PlatformListener {

    private static final Logger LOG = Logger.getLogger(Drain.class.getName());
    /** Looked after this often where nobody tells of an end, such as that of a request whose caller has gone before it was served. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Listeners listeners;
    private final Supplier<Collection<SessionActor>> sessions;

    /** @param sessions those that have a VM or are about to get one */
    Drain(Listeners listeners, Supplier<Collection<SessionActor>> sessions) {
        this.listeners = listeners;
        this.sessions = sessions;
    }

    /** Returns when no session is at work, or after the grace. Blocks. */
    void await(Stopping stopping) throws InterruptedException {
        long working = working(stopping.onStop());
        if (working == 0 || stopping.grace().isZero()) {
            return;
        }
        SessionMessage.DRAINING.log(LOG, working, Durations.text(stopping.grace()));
        Platform.Registration registration = listeners.add(this);
        try {
            await(stopping, System.nanoTime() + stopping.grace().toNanos());
        } finally {
            registration.close();
        }
        long left = working(stopping.onStop());
        if (left > 0) {
            SessionMessage.NOT_DRAINED.log(LOG, left, Durations.text(stopping.grace()));
        }
    }

    private synchronized void await(Stopping stopping, long deadline) throws InterruptedException {
        for (long left = deadline - System.nanoTime(); left > 0 && working(stopping.onStop()) > 0; left = deadline - System.nanoTime()) {
            // Nobody who changes a session holds this lock, so what changes after the look is told after the wait has begun.
            TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, LOOK.toNanos()));
        }
    }

    private long working(OnStop onStop) {
        return sessions.get().stream().filter(session -> isAtWork(session.life(), onStop)).count();
    }

    /** Work of an agent's own goes on in a VM that is kept, and is broken off only where that ends. */
    static boolean isAtWork(SessionLife life, OnStop onStop) {
        if (life instanceof Active active) {
            return active.requests() > 0 || onStop == OnStop.END && active.ownWork() == OwnWork.BUSY;
        }
        if (life instanceof Starting starting) {
            return starting.requests() > 0;
        }
        return life instanceof Queuing queuing && !queuing.queue().isEmpty();
    }

    @Override
    public void sessionMoved(String runtime, SessionView.Status from, SessionView.Status to) {
        lookAgain();
    }

    @Override
    public void sessionEnded(String runtime, EndCode code) {
        lookAgain();
    }

    @Override
    public void invocationEnded(String runtime, Invocation.Outcome outcome, Duration took) {
        lookAgain();
    }

    private synchronized void lookAgain() {
        notifyAll();
    }
}
