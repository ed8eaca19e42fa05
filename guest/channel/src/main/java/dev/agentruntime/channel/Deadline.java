package dev.agentruntime.channel;

import java.time.Duration;

/** The moment until which something may wait. */
record Deadline(long nanoTime, boolean finite) {

    static final Deadline NEVER = new Deadline(0, false);

    static Deadline in(Duration timeout) {
        return new Deadline(System.nanoTime() + timeout.toNanos(), true);
    }

    /** Zero when the moment has passed. */
    long remainingNanos() {
        return finite ? Math.max(0, nanoTime - System.nanoTime()) : Long.MAX_VALUE;
    }
}
