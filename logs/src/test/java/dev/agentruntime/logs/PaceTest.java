package dev.agentruntime.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {

    private final AtomicLong nanos = new AtomicLong();
    private double perSecond = 10;
    private final Pace pace = new Pace(() -> perSecond, 20, nanos::get);

    @Test
    void muchMayPassAtOnceAfterARest() {
        pace.take(19);
        assertThat(pace.isOpen()).isTrue();
        pace.take(1);
        assertThat(pace.isOpen()).isFalse();
    }

    @Test
    void whatIsTooMuchIsPaidForByWaiting() {
        pace.take(40);
        assertThat(pace.untilOpen()).isBetween(Duration.ofSeconds(2), Duration.ofMillis(2002));
        nanos.addAndGet(pace.untilOpen().toNanos());
        assertThat(pace.isOpen()).isTrue();
    }

    @Test
    void anotherPaceCountsAtOnce() {
        pace.take(40);
        perSecond = 1;
        assertThat(pace.untilOpen()).isBetween(Duration.ofSeconds(20), Duration.ofMillis(20_002));
    }

    @Test
    void aLongRestGivesNoMoreThanTheMost() {
        nanos.addAndGet(Duration.ofDays(1).toNanos());
        pace.take(20);
        assertThat(pace.isOpen()).isFalse();
    }
}
