package dev.agentruntime.sessions;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that is tried until it works or until nobody wants it any more: the pauses between tries grow up to a bound.
 *
 * @param since    the first try
 * @param failures tries that failed
 * @param again    when it is tried again; empty while a try is under way
 */
record Attempt(Instant since, int failures, Optional<Instant> again) {

    /** How quickly a hypervisor that is away is asked again while callers may be waiting. */
    static final Pace QUICK = new Pace(Duration.ofMillis(500), Duration.ofSeconds(2));

    /** How quickly something is tried again that nobody waits for. */
    static final Pace SLOW = new Pace(Duration.ofSeconds(2), Duration.ofMinutes(1));

    /** The first pause, which doubles, and the longest. */
    record Pace(Duration first, Duration longest) {

        Duration after(int failures) {
            Duration pause = first.multipliedBy(1L << Math.min(failures - 1, 20));
            return pause.compareTo(longest) > 0 ? longest : pause;
        }
    }

    static Attempt begun(Instant now) {
        return new Attempt(now, 0, Optional.empty());
    }

    Attempt failed(Instant now, Pace pace) {
        return new Attempt(since, failures + 1, Optional.of(now.plus(pace.after(failures + 1))));
    }

    boolean isUnderWay() {
        return again.isEmpty();
    }

    boolean isDue(Instant now) {
        return again.filter(time -> !now.isBefore(time)).isPresent();
    }

    Attempt repeated() {
        return new Attempt(since, failures, Optional.empty());
    }
}
