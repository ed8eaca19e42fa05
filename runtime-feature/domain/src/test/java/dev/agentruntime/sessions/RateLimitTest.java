package dev.agentruntime.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.spi.fake.ManualClock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RateLimitTest {

    private final ManualClock clock = new ManualClock();
    private final RateLimit limit = new RateLimit(clock);

    private int passing(int perSecond, int tries) {
        int passed = 0;
        for (int i = 0; i < tries; i++) {
            passed += limit.take(perSecond).isZero() ? 1 : 0;
        }
        return passed;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 25, 1000})
    void soManyPassAtOnceAndSoManyInEachSecondAfter(int perSecond) {
        assertThat(passing(perSecond, 2 * perSecond)).isEqualTo(perSecond);
        for (int second = 0; second < 3; second++) {
            clock.advance(Duration.ofSeconds(1));
            assertThat(passing(perSecond, 2 * perSecond)).isEqualTo(perSecond);
        }
        clock.advance(Duration.ofHours(1));
        assertThat(passing(perSecond, 2 * perSecond)).as("no more after a long rest").isEqualTo(perSecond);
    }

    @Test
    void whoIsRefusedIsToldWhenOneMayPass() {
        passing(4, 4);
        assertThat(limit.take(4)).isEqualTo(Duration.ofMillis(250));
        clock.advance(Duration.ofMillis(249));
        assertThat(limit.take(4)).isEqualTo(Duration.ofMillis(1));
        clock.advance(Duration.ofMillis(1));
        assertThat(limit.take(4)).isEqualTo(Duration.ZERO);
        assertThat(limit.take(4)).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void anotherRateCountsAtOnce() {
        passing(2, 2);
        assertThat(limit.take(2)).isPositive();
        clock.advance(Duration.ofMillis(100));
        assertThat(limit.take(10)).isEqualTo(Duration.ZERO);
    }

    @Test
    void itIsRestedAfterASecond() {
        passing(5, 5);
        assertThat(limit.isRested()).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(limit.isRested()).isTrue();
    }

    @Test
    void manyAtOnceGetNoMoreThanOne() throws Exception {
        AtomicInteger passed = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        for (int i = 0; i < 8; i++) {
            threads.execute(() -> passed.addAndGet(passing(100, 100)));
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(passed).hasValue(100);
    }
}
