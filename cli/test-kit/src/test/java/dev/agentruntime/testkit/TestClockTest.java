package dev.agentruntime.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class TestClockTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final TestClock clock = new TestClock(NOON);

    @Test
    void itStandsUntilItIsSetOrAdvanced() {
        assertThat(clock.instant()).isEqualTo(NOON).isEqualTo(clock.instant());
        clock.advance(Duration.ofMinutes(90));
        assertThat(LocalTime.now(clock)).isEqualTo(LocalTime.of(13, 30));
        clock.set(NOON);
        assertThat(clock.millis()).isEqualTo(NOON.toEpochMilli());
        assertThat(clock.getZone()).isEqualTo(ZoneOffset.UTC);
    }

    @Test
    void oneOfAnotherZoneShowsTheSameMomentThere() {
        Clock tokyo = clock.withZone(ZoneId.of("Asia/Tokyo"));
        assertThat(LocalTime.now(tokyo)).isEqualTo(LocalTime.of(21, 0));
        clock.advance(Duration.ofHours(1));
        assertThat(LocalTime.now(tokyo)).as("it is set by itself").isEqualTo(LocalTime.of(21, 0));
    }
}
