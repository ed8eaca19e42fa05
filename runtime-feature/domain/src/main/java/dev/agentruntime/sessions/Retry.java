package dev.agentruntime.sessions;

import java.time.Duration;
import java.time.Instant;

/**
 * From when on something may be tried that has failed before: one that keeps failing is tried ever less often.
 *
 * @param failures times in a row that it has failed
 * @param from     the earliest time
 */
record Retry(int failures, Instant from) {

    private static final Attempt.Pace PACE = new Attempt.Pace(Duration.ofMinutes(1), Duration.ofHours(1));

    /** Has not failed. */
    static Retry atOnce() {
        return new Retry(0, Instant.MIN);
    }

    /** Has failed so often, the last time now. */
    static Retry after(int failures, Instant now) {
        return new Retry(failures, now.plus(PACE.after(failures)));
    }

    boolean isDue(Instant now) {
        return !now.isBefore(from);
    }
}
