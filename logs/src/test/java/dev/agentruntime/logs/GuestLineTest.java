package dev.agentruntime.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.LogLine.Severity;
import dev.agentruntime.api.LogLine.Source;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuestLineTest {

    private static final Instant BEGUN = Instant.parse("2031-01-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2031-01-01T01:00:00Z");

    @ParameterizedTest
    @CsvSource({"O, STDOUT, INFO", "R, STDERR, WARNING", "E, MESSAGES, ERROR", "F, MESSAGES, ERROR", "W, MESSAGES, WARNING", "A, MESSAGES, INFO",
            "I, MESSAGES, INFO", "3, MESSAGES, INFO", "-, GUEST, INFO"})
    void theLevelSaysWhoHasWritten(char level, Source source, Severity severity) {
        Said said = GuestLine.of("1 1924992000000 " + level + " text").said(BEGUN, NOW);
        assertThat(said).isEqualTo(new Said(Instant.ofEpochMilli(1924992000000L), source, severity, "text"));
    }

    @Test
    void aTimeThatCannotBeIsNow() {
        assertThat(GuestLine.of("1 0 O x").said(BEGUN, NOW).time()).isEqualTo(NOW);
        assertThat(GuestLine.of("1 999999999999999 O x").said(BEGUN, NOW).time()).isEqualTo(NOW);
        assertThat(GuestLine.of("1 " + BEGUN.plusSeconds(1).toEpochMilli() + " O x").said(BEGUN, NOW).time()).isEqualTo(BEGUN.plusSeconds(1));
    }

    @Test
    void anEmptyLineIsALine() {
        assertThat(GuestLine.of("1 2 O ").text()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1 2 O", "-1 2 O x", "1 2 OO x", "1234567890123456789 2 O x", "1 2  O x", "from 3"})
    void whatHasAnotherFormIsRefused(String line) {
        assertThatThrownBy(() -> GuestLine.of(line)).isInstanceOf(GuestLogException.class);
    }

    @Test
    void aLogBeginsWithItsFirstNumber() {
        assertThat(GuestLine.first("from 17")).isEqualTo(17);
        assertThatThrownBy(() -> GuestLine.first("from -1")).isInstanceOf(GuestLogException.class);
        assertThatThrownBy(() -> GuestLine.first("1 2 O x")).isInstanceOf(GuestLogException.class);
    }
}
