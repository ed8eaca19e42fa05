package dev.agentruntime.sessions;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Begins at the wall clock's time and from then on counts the processor's time, whatever becomes of the wall clock. */
public final class SteadyClock extends Clock {

    private final Instant origin;
    private final long originNanos = System.nanoTime();

    private SteadyClock(Instant origin) {
        this.origin = origin;
    }

    /** A clock that agrees with {@code wall} at this moment. */
    public static SteadyClock from(Clock wall) {
        return new SteadyClock(wall.instant());
    }

    @Override
    public Instant instant() {
        return origin.plusNanos(System.nanoTime() - originNanos);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** Its instants mean nothing to people, in any zone. */
    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
