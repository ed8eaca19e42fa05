package dev.agentruntime.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TextsTest {

    @Test
    void plainTextStaysAsItIs() {
        assertThat(Texts.cleaned("Gr\u00fc\u00dfe, \u4e16\u754c \ud83d\ude00 \u202e'\"%", 100)).isEqualTo("Gr\u00fc\u00dfe, \u4e16\u754c \ud83d\ude00 \u202e'\"%");
    }

    @Test
    void controlCharactersBecomeASpace() {
        assertThat(Texts.cleaned("a\0b\r\nc\u001b[31m\u007f\u0085d", 100)).isEqualTo("a b c [31m d");
    }

    @ParameterizedTest
    @CsvSource({"3, abc", "4, abc", "5, abc\ud83d\ude00", "6, abc\ud83d\ude00x"})
    void textIsCutBetweenCharactersNotWithinOne(int most, String expected) {
        assertThat(Texts.cleaned("abc\ud83d\ude00x", most)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nul\0", "\ud800", "\udc00\ud800", "a\tb", "too long for it"})
    void whatWouldBeStoredOtherwiseIsNotStorable(String text) {
        assertThat(Texts.isStorable(text, 10)).isFalse();
    }

    @Test
    void anyCleanedTextIsStorableAndFits() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            random.ints(random.nextInt(40), 0, 6).forEach(kind -> text.append((char) switch (kind) {
                case 0 -> random.nextInt(0x20);
                case 1 -> 0xd800 + random.nextInt(0x800);
                case 2 -> random.nextInt(0x10000);
                default -> 'a' + random.nextInt(26);
            }));
            int most = 1 + random.nextInt(30);
            String clean = Texts.cleaned(text.toString(), most);
            assertThat(Texts.isStorable(clean, most)).as("seed %d, %s", seed, text).isTrue();
            assertThat(new String(clean.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)).isEqualTo(clean);
            assertThat(Texts.cleaned(clean, most)).isEqualTo(clean);
        }
    }
}
