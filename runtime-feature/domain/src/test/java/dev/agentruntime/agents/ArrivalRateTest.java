package dev.agentruntime.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ArrivalRateTest {

    private static final Duration AHEAD = Duration.ofSeconds(10);

    private final ArrivalRate rate = new ArrivalRate();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void nothingIsExpectedBeforeTheFirstArrival() {
        assertThat(rate.expected(AHEAD, now)).isZero();
    }

    @Test
    void steadyArrivalsAreExpectedToGoOn() {
        arrive(600, Duration.ofSeconds(1));
        assertThat(rate.expected(AHEAD, now)).isCloseTo(10, within(0.5));
    }

    @Test
    void arrivalsOfLongAgoDoNotCount() {
        arrive(100, Duration.ofMillis(100));
        now = now.plus(Duration.ofMinutes(10));
        assertThat(rate.expected(AHEAD, now)).isLessThan(0.01);
    }

    private void arrive(int count, Duration apart) {
        for (int i = 0; i < count; i++) {
            now = now.plus(apart);
            rate.arrived(now);
        }
    }
}
