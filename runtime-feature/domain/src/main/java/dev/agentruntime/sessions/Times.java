package dev.agentruntime.sessions;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The two clocks of a platform. Differences are measured with the steady one, which no correction of the wall clock moves;
 * people and the ledger are told the wall's time.
 *
 * @param wall   may be set forward or back at any time
 * @param steady only ever goes forward, at the pace of time; its instants mean nothing to anybody outside
 */
public record Times(Clock wall, Clock steady) {

    /** The moment by which differences are measured. */
    Instant now() {
        return steady.instant();
    }

    /** The wall's time now. */
    Instant wallNow() {
        return wall.instant();
    }

    /** The moment of which the wall clock, as it is set now, says {@code wallTime}; what is to come counts as now. */
    Instant ofTheWall(Instant wallTime) {
        Duration ago = Duration.between(wallTime, wall.instant());
        return ago.isNegative() ? now() : now().minus(ago);
    }

    /** What the wall clock, as it is set now, says of a moment. */
    Instant onTheWall(Instant moment) {
        return wall.instant().minus(Duration.between(moment, steady.instant()));
    }
}
