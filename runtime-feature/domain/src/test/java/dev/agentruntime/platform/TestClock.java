package dev.agentruntime.platform;

import dev.agentruntime.sessions.Times;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** The wall's time, which stands still until it is moved, and a steady clock beside it that no correction moves. */
final class TestClock extends Clock {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final AtomicReference<Duration> corrections = new AtomicReference<>(Duration.ZERO);

    /** Time goes by. */
    void advance(Duration by) {
        now.updateAndGet(instant -> instant.plus(by));
    }

    /** Somebody sets the wall clock. */
    void correct(Duration by) {
        corrections.updateAndGet(before -> before.plus(by));
    }

    Times times() {
        return new Times(this, new Clock() {
            @Override
            public Instant instant() {
                return now.get();
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        });
    }

    @Override
    public Instant instant() {
        return now.get().plus(corrections.get());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
