package dev.agentruntime.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WordsTest {

    @Test
    void spansHaveTheirTwoGreatestUnits() {
        assertThat(Words.span(Duration.ofMillis(40))).isEqualTo("40 ms");
        assertThat(Words.span(Duration.ofSeconds(59))).isEqualTo("59s");
        assertThat(Words.span(Duration.ofSeconds(61))).isEqualTo("1m 1s");
        assertThat(Words.span(Duration.ofMinutes(125))).isEqualTo("2h 5m");
        assertThat(Words.span(Duration.ofHours(49))).isEqualTo("2d 1h");
        assertThat(Words.span(Duration.ofSeconds(-5))).isEqualTo("0s");
    }

    @Test
    void figuresAreRounded() {
        assertThat(Words.cpu(1_234_567_890)).isEqualTo("1.23");
        assertThat(Words.megabytes((5L << 20) + 1)).isEqualTo("5 MiB");
        assertThat(Words.time(Instant.parse("2026-01-31T23:59:59.9Z"))).isEqualTo("2026-01-31 23:59:59");
    }
}
