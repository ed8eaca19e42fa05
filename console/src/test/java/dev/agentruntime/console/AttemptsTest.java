package dev.agentruntime.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.spi.fake.ManualClock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AttemptsTest {

    private final ManualClock clock = new ManualClock(Instant.parse("2026-01-31T12:00:00Z"));
    private final Attempts attempts = new Attempts(clock);

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            assertThat(attempts.begin("192.0.2.7", "bob")).isTrue();
        }
    }

    @Test
    void tooManyWrongOnesCloseTheDoorForAWhile() {
        fail(Attempts.MOST);
        assertThat(attempts.begin("192.0.2.7", "bob")).isFalse();
        clock.advance(Attempts.WINDOW);
        assertThat(attempts.begin("192.0.2.7", "bob")).isTrue();
    }

    @Test
    void nobodyLocksOutOthersOrFromElsewhere() {
        fail(Attempts.MOST);
        assertThat(attempts.begin("192.0.2.7", "alice")).isTrue();
        assertThat(attempts.begin("192.0.2.8", "bob")).isTrue();
    }

    @Test
    void theRightOneForgivesThoseBefore() {
        fail(Attempts.MOST - 1);
        attempts.succeeded("192.0.2.7", "bob");
        fail(Attempts.MOST);
        assertThat(attempts.begin("192.0.2.7", "bob")).isFalse();
    }

    @Test
    void manyNamesTakeNoMoreThanTheirRoom() {
        fail(Attempts.MOST);
        for (int i = 0; i < 10_000; i++) {
            attempts.begin("192.0.2.7", "name" + i);
        }
        assertThat(attempts.begin("192.0.2.7", "bob")).as("forgotten").isTrue();
    }
}
