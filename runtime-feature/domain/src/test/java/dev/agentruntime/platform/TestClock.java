package dev.agentruntime.platform;

import dev.agentruntime.sessions.Times;
import dev.agentruntime.spi.fake.ManualClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** The wall's time, which stands still until it is moved, and a steady clock beside it that no correction moves. */
final class TestClock extends Clock {

    private final ManualClock steady = new ManualClock();
    private final AtomicReference<Duration> corrections = new AtomicReference<>(Duration.ZERO);

    /** Time goes by. */
    void advance(Duration by) {
        steady.advance(by);
    }

    /** Somebody sets the wall clock. */
    void correct(Duration by) {
        corrections.updateAndGet(before -> before.plus(by));
    }

    Times times() {
        return new Times(this, steady);
    }

    @Override
    public Instant instant() {
        return steady.instant().plus(corrections.get());
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
