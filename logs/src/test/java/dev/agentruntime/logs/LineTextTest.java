package dev.agentruntime.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LineTextTest {

    @Test
    void nothingInALineBeginsAnother() {
        assertThat(LineText.of("a\nb\rc\u2028d\u2029e\u0085f\u000bg\fh")).isEqualTo("a b c d e f g h");
    }

    @Test
    void coloursAndCursorMovesAreGone() {
        assertThat(LineText.of("\u001b[31mred\u001b[0m \u001b[2Jx \u001b]0;title\u0007y")).isEqualTo("red x  ]0;title y");
        assertThat(LineText.of("cut \u001b[31")).isEqualTo("cut");
        assertThat(LineText.of("\u001b")).isEmpty();
    }

    @Test
    void textIsNotTurnedRound() {
        assertThat(LineText.of("a\u202eb\u2066c\u200fd\ud800e")).isEqualTo("a b c d e");
    }

    @Test
    void theBlanksOfAStackTraceStay() {
        assertThat(LineText.of("    at a.B.c(B.java:1)")).isEqualTo("    at a.B.c(B.java:1)");
        assertThat(LineText.of("\tat a.B.c(B.java:1)  ")).isEqualTo(" at a.B.c(B.java:1)");
    }

    @Test
    void otherScriptsStay() {
        assertThat(LineText.of("書 ñ 🫖")).isEqualTo("書 ñ 🫖");
    }

    @Test
    void whateverAGuestSaysIsOneShortLine() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            StringBuilder said = new StringBuilder();
            for (int n = random.nextInt(6000); n > 0; n--) {
                said.append((char) (random.nextInt(3) == 0 ? random.nextInt(0x20) : random.nextInt(0x10000)));
            }
            String line = LineText.of(said.toString());
            assertThat(line.chars()).as("seed %d", seed).noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029);
            assertThat(line.length()).as("seed %d", seed).isLessThanOrEqualTo(LineText.LONGEST + 1);
        }
    }
}
