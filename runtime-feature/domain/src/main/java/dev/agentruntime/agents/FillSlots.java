package dev.agentruntime.agents;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How many VMs may be made ahead at the same time, in all pools together: one core stays free for sessions that run, and
 * one more for each that is just being started. Thread-safe.
 */
final class FillSlots {

    /** For the first request of a session that has just begun. */
    private static final Duration QUIET = Duration.ofSeconds(1);

    private final int most;
    private long lastStartNanos = System.nanoTime() - QUIET.toNanos();
    private int fills;
    private int starts;

    FillSlots(int cores) {
        this.most = Math.max(1, cores - 1);
    }

    synchronized boolean take() {
        return System.nanoTime() - lastStartNanos >= QUIET.toNanos() && takeAtOnce();
    }

    /** As {@link #take()}, for a pool that is empty: the next session would have to wait for a VM of its own. */
    synchronized boolean takeAtOnce() {
        if (fills + starts >= most) {
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
        lastStartNanos = System.nanoTime();
    }
}
