package dev.agentruntime.sessions;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** Lets so many pass in a second, and that many at once after a second's rest. Thread-safe; does not block. */
final class RateLimit {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Clock clock;
    /** When all that have passed are forgotten. */
    private final AtomicReference<Instant> rested;

    RateLimit(Clock clock) {
        this.clock = clock;
        this.rested = new AtomicReference<>(clock.instant());
    }

    /** Lets one pass and returns zero; or lets none pass, and returns after how long one may. */
    Duration take(int perSecond) {
        Duration each = SECOND.dividedBy(perSecond);
        while (true) {
            Instant now = clock.instant();
            Instant before = rested.get();
            Instant after = (before.isAfter(now) ? before : now).plus(each);
            Duration early = Duration.between(now.plus(SECOND), after);
            if (early.compareTo(Duration.ZERO) > 0) {
                return early;
            }
            if (rested.compareAndSet(before, after)) {
                return Duration.ZERO;
            }
        }
    }

    boolean isRested() {
        return !rested.get().isAfter(clock.instant());
    }
}
