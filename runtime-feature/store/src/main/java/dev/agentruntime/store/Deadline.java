package dev.agentruntime.store;

import java.sql.SQLTimeoutException;
import java.time.Duration;

/** Until when work with the database must be done, by the clock that never jumps. */
record Deadline(Duration limit, long atNanos) {

    static Deadline in(Duration limit) {
        return new Deadline(limit, System.nanoTime() + limit.toNanos());
    }

    /** @throws SQLTimeoutException none is left */
    Duration left() throws SQLTimeoutException {
        long nanos = atNanos - System.nanoTime();
        if (nanos <= 0) {
            throw new SQLTimeoutException("The database took longer than " + limit.toMillis() + " ms.");
        }
        return Duration.ofNanos(nanos);
    }

    /** What is left in whole seconds, at least one: JDBC knows none smaller, and takes zero for no limit at all. */
    int secondsLeft() throws SQLTimeoutException {
        return (int) Math.max(1, left().plusMillis(999).toSeconds());
    }
}
