package dev.agentruntime.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AttemptTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void isUnderWayUntilItFails() {
        Attempt attempt = Attempt.begun(START);
        assertThat(attempt.isUnderWay()).isTrue();
        assertThat(attempt.isDue(START.plusSeconds(1_000))).isFalse();
    }

    @Test
    void isDueAgainAfterAPause() {
        Attempt failed = Attempt.begun(START).failed(START, Attempt.SLOW);
        assertThat(failed.isUnderWay()).isFalse();
        assertThat(failed.isDue(START.plusMillis(1_999))).isFalse();
        assertThat(failed.isDue(START.plusSeconds(2))).isTrue();
        assertThat(failed.repeated().isUnderWay()).isTrue();
        assertThat(failed.repeated().since()).isEqualTo(START);
    }

    @Test
    void pausesGrowUpToABound() {
        assertThat(pauses(Attempt.QUICK, 4)).extracting(Duration::toMillis).containsExactly(500L, 1_000L, 2_000L, 2_000L);
        assertThat(pauses(Attempt.SLOW, 7)).extracting(Duration::toSeconds).containsExactly(2L, 4L, 8L, 16L, 32L, 60L, 60L);
    }

    @Test
    void neverGrowBeyondEvenAfterAVeryLongTime() {
        assertThat(pauses(Attempt.SLOW, 100)).last().isEqualTo(Duration.ofMinutes(1));
    }

    private static List<Duration> pauses(Attempt.Pace pace, int times) {
        List<Duration> pauses = new ArrayList<>();
        Attempt attempt = Attempt.begun(START);
        for (int i = 0; i < times; i++) {
            attempt = attempt.failed(START, pace);
            pauses.add(Duration.between(START, attempt.again().orElseThrow()));
        }
        return pauses;
    }
}
