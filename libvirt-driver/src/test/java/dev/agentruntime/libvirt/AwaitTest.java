package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.spi.VmException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AwaitTest {

    private final AtomicInteger looks = new AtomicInteger();

    @AfterEach
    void clearTheInterrupt() {
        Thread.interrupted();
    }

    @Test
    void whatIsTrueAlreadyIsLookedAtOnce() {
        assertThat(Await.until(Duration.ofMinutes(1), () -> looks.incrementAndGet() == 1)).isTrue();
        assertThat(looks).hasValue(1);
    }

    @Test
    void whatComesTrueIsSeenSoon() {
        long begun = System.nanoTime();
        assertThat(Await.until(Duration.ofMinutes(1), () -> looks.incrementAndGet() == 5)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).as("long before its limit").isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void whatStaysFalseIsGivenUpAtTheLimitAndNotLookedAtWithoutPause() {
        assertThat(Await.until(Duration.ofMillis(200), () -> looks.incrementAndGet() < 0)).isFalse();
        assertThat(looks.get()).isBetween(2, 100);
    }

    @Test
    void aLimitThatHasPassedAllowsOneLook() {
        assertThat(Await.until(Duration.ofSeconds(-1), () -> looks.incrementAndGet() == 1)).isTrue();
        assertThat(Await.until(Duration.ZERO, () -> false)).isFalse();
    }

    @Test
    void whoIsInterruptedStopsWaitingAndStaysInterrupted() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Await.until(Duration.ofMinutes(1), () -> false)).isInstanceOf(VmException.class).hasMessageContaining("Interrupted");
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }
}
