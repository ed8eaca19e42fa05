package dev.agentruntime.agents;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * How many VMs may be made ahead at the same time, in all pools together: one core stays free for sessions that run, and
 * one more for each that is just being started. Thread-safe.
 */
final class FillSlots {

    /** For the first request of a session that has just begun. */
    private static final Duration QUIET = Duration.ofSeconds(1);

    /** The same where the next session would have to wait for a VM of its own: those of a burst that has emptied a pool are answered first. */
    private static final Duration SHORT_QUIET = Duration.ofMillis(300);

    private final int most;
    private final LongSupplier nanos;
    private long lastStartNanos;
    private int fills;
    private int starts;

    FillSlots(int cores) {
        this(cores, System::nanoTime);
    }

    /** @param nanos as {@link System#nanoTime()} */
    FillSlots(int cores, LongSupplier nanos) {
        this.most = Math.max(1, cores - 1);
        this.nanos = nanos;
        this.lastStartNanos = nanos.getAsLong() - QUIET.toNanos();
    }

    boolean take() {
        return takeAfter(QUIET);
    }

    /** As {@link #take()}, for a pool that is empty. */
    boolean takeForEmpty() {
        return takeAfter(SHORT_QUIET);
    }

    private synchronized boolean takeAfter(Duration quiet) {
        if (fills + starts >= most || nanos.getAsLong() - lastStartNanos < quiet.toNanos()) {
            return false;
        }
        fills++;
        return true;
    }

    synchronized void release() {
        fills--;
    }

    /** A session is being started until the returned mark is closed. */
    synchronized AgentLease.Starting starting() {
        starts++;
        AtomicBoolean open = new AtomicBoolean(true);
        return () -> {
            if (open.getAndSet(false)) {
                started();
            }
        };
    }

    private synchronized void started() {
        starts--;
        lastStartNanos = nanos.getAsLong();
    }
}
