package dev.agentruntime.agentctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {

    @ParameterizedTest
    @CsvSource({"-5,0s", "59,59s", "60,1m", "3599,59m59s", "3600,1h", "5400,1h30m", "86400,1d", "93600,1d2h"})
    void timesHaveTheirTwoLargestUnits(long seconds, String text) {
        assertThat(Text.time(Duration.ofSeconds(seconds))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"1,1 B", "1536,1.5 KiB", "1572864,1.5 MiB", "134217728,128 MiB"})
    void bytesHaveOneUnit(long bytes, String text) {
        assertThat(Text.bytes(bytes)).isEqualTo(text);
    }

    @Test
    void nothingThatATerminalObeysIsLeft() {
        assertThat(Text.plain("a\u001b[2Jb\r\nc\u202ed\u0000")).isEqualTo("a [2Jb  c d");
        assertThat(Text.lines("a\u0007\nb\n")).isEqualTo("a \nb");
        assertThat(Text.plain("a\tb ä \uD83D\uDE00")).isEqualTo("a\tb ä \uD83D\uDE00");
    }

    @Test
    void wordsForTheShellStayWhole() {
        assertThat(Quoted.word("/tmp/a-b_c.war")).isEqualTo("/tmp/a-b_c.war");
        assertThat(Quoted.word("a b")).isEqualTo("'a b'");
        assertThat(Quoted.word("it's")).isEqualTo("'it'\\''s'");
        assertThat(Quoted.word("")).isEqualTo("''");
    }

    @Test
    void aWarsNameBecomesAnAgents() {
        assertThat(Names.ofWar("my-agent.war")).isEqualTo("my_agent");
        assertThat(Names.ofWar("Agent.1.WAR")).isEqualTo("Agent_1");
    }

    @Test
    void aPartOfWhatIsSaidKeepsItsLines() {
        assertThat(Text.harmless("a\r\nb\n\n\tc\u001b[2J\u009b")).isEqualTo("a \nb\n\n\tc [2J ");
    }
}
