package dev.agentruntime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SteadyRateTest {

    private final SteadyRate steady = new SteadyRate(1_000, 4, Duration.ofMillis(40), Duration.ZERO);

    @Test
    void connectionsTakeTurnsAtTheRate() {
        assertThat(IntStream.range(0, 8).mapToObj(i -> steady.moment(i / 4, i % 4)))
                .containsExactly(0L, 1_000_000L, 2_000_000L, 3_000_000L, 4_000_000L, 5_000_000L, 6_000_000L, 7_000_000L);
    }

    @Test
    void timeOfARequestCountsFromItsMomentThoughItWasSentLater() throws Exception {
        SteadyRate one = new SteadyRate(100, 1, Duration.ofMillis(40), Duration.ofMinutes(1));
        SteadyRate.Served served = one.run(() -> null, (http, connection) -> Pause.of(Duration.ofMillis(30)));
        assertThat(served.nanos()).hasSize(4);
        assertThat(served.nanos().get(3)).isGreaterThanOrEqualTo(Duration.ofMillis(90).toNanos());
        assertThat(served.perSecond()).isLessThan(34);
    }

    @Test
    void whoFallsFarBehindIsGivenUpAndWhatWasNotSentIsTold() throws Exception {
        SteadyRate late = new SteadyRate(100, 2, Duration.ofMillis(80), Duration.ZERO);
        SteadyRate.Served served = late.run(() -> null, (http, connection) -> Pause.of(Duration.ofMillis(100)));
        assertThat(served.unsent()).isGreaterThanOrEqualTo(6);
        assertThat(served.nanos().size() + served.unsent()).isEqualTo(8);
    }
}
