package dev.agentruntime.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PlainTextTest {

    @ParameterizedTest
    @CsvSource({"QEMU was killed by signal 9.,QEMU was killed by signal 9.", "größer als 5 €,größer als 5 €", "a\uD83D\uDE00b,a\uD83D\uDE00b"})
    void leavesPlainTextAsItIs(String text, String plain) {
        assertThat(PlainText.of(text)).isEqualTo(plain);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000b", "a\nb", "a\r\nb", "a\u001bb", "a\u2028b", "a\u202eb", "a\u0085b", "a\ud800b", "a\u200fb"})
    void putsASpaceInPlaceOfWhatIsNoText(String text) {
        assertThat(PlainText.of(text)).isEqualTo("a b");
    }

    @Test
    void isCutAtAThousandCharacters() {
        assertThat(PlainText.of("x".repeat(1000))).hasSize(1000).doesNotEndWith("…");
        assertThat(PlainText.of("x".repeat(100_000))).hasSize(1000).endsWith("x…");
        assertThat(PlainText.of("\u0000".repeat(100_000))).isEmpty();
    }

    @Test
    void isCutBetweenCharacters() {
        String text = PlainText.of("x".repeat(999) + "\uD83D\uDE00");
        assertThat(text.codePoints().filter(c -> c >= 0xD800 && c <= 0xDFFF)).isEmpty();
        assertThat(text).hasSizeLessThanOrEqualTo(1000);
    }

    @Test
    void coloursAreTakenOut() {
        assertThat(PlainText.of("\u001b[1;31mred\u001b[0m \u001b[2Kgone")).isEqualTo("red gone");
    }
}
