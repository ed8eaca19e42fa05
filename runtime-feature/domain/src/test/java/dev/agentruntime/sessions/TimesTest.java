package dev.agentruntime.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

final class TimesTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void theWallSaysHowLongAgoAMomentWas() {
        Times times = new Times(Clock.fixed(NOON, ZoneOffset.UTC), Clock.fixed(Instant.ofEpochSecond(1_000), ZoneOffset.UTC));
        assertThat(times.onTheWall(Instant.ofEpochSecond(940))).isEqualTo(NOON.minusSeconds(60));
        assertThat(times.onTheWall(times.now())).isEqualTo(NOON);
    }

    @Test
    void aSteadyClockBeginsWithTheWallsTimeAndNeverGoesBack() {
        SteadyClock clock = SteadyClock.from(Clock.fixed(NOON, ZoneOffset.UTC));
        Instant before = clock.instant();
        assertThat(before).isBetween(NOON, NOON.plus(Duration.ofMinutes(1)));
        for (int i = 0; i < 1_000; i++) {
            Instant after = clock.instant();
            assertThat(after).isAfterOrEqualTo(before);
            before = after;
        }
    }

    @Test
    void itsZoneChangesNothing() {
        SteadyClock clock = SteadyClock.from(Clock.systemUTC());
        assertThat(clock.withZone(ZoneOffset.ofHours(3))).isSameAs(clock);
        assertThat(clock.getZone()).isEqualTo(ZoneOffset.UTC);
    }
}
