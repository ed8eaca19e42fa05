package dev.agentruntime.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.logging.Logger;

/** Whether the ledger works as far as is known, when it is tried next, and what is told of it. Thread-safe. */
final class LedgerLink {

    private static final Logger LOG = Logger.getLogger(LedgerLink.class.getName());
    private static final Duration PACE = Duration.ofSeconds(3);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final int LONGEST_REASON = 1000;

    private enum State { UP, DOWN }

    private final Clock clock;
    private final Runnable whenFailed;
    private final BindingPatience patience = new BindingPatience();
    private State state = State.UP;
    private Duration pause = PACE;
    private Instant due = Instant.EPOCH;

    LedgerLink(Clock clock, Runnable whenFailed) {
        this.clock = clock;
        this.whenFailed = whenFailed;
    }

    synchronized boolean isUp() {
        return state == State.UP;
    }

    synchronized boolean isDue(Instant now) {
        return !now.isBefore(due);
    }

    /** So many records were written, and all that were marked are. */
    synchronized void worked(int written) {
        patience.bound();
        pause = PACE;
        due = clock.instant().plus(pause);
        if (state == State.DOWN) {
            state = State.UP;
            StoreMessage.LEDGER_UP.log(LOG, written);
        }
    }

    /** Could not be written; the next try is later each time. A data source that is not bound yet is waited for, at the same pace. */
    void didNotWork(LedgerException e) {
        if (mayCome(e)) {
            synchronized (this) {
                due = clock.instant().plus(PACE);
            }
        } else {
            didNotWork(e.getMessage());
        }
    }

    private synchronized boolean mayCome(LedgerException e) {
        if (e.why() == LedgerException.Why.NOT_BOUND) {
            return state == State.UP && patience.holds(clock.instant());
        }
        patience.bound();
        return false;
    }

    /** Could not be written; the next try is later each time. */
    void didNotWork(String why) {
        synchronized (this) {
            due = clock.instant().plus(pause);
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
        }
        failed(why);
    }

    /** Logged once per outage, counted each time; not while the data source may still come. */
    void failed(LedgerException e) {
        if (!mayCome(e)) {
            failed(e.getMessage());
        }
    }

    /** Logged once per outage, counted each time. */
    void failed(String why) {
        whenFailed.run();
        synchronized (this) {
            if (state == State.UP) {
                state = State.DOWN;
                StoreMessage.LEDGER_DOWN.log(LOG, Texts.cleaned(why, LONGEST_REASON));
            }
        }
    }
}
