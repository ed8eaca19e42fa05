package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuestTextTest {

    @Test
    void plainTextStaysAsItIs() {
        assertThat(GuestText.sentence("Es geht nicht: größer als 5 € 😀.")).isEqualTo("Es geht nicht: größer als 5 € 😀.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\u0000b", "a\u0085b", "a\u2028b", "a\u2029b", "a\tb", "a\u007fb", "a\u009bb", "a\u202eb", "a\u2066b",
        "a\u200fb", "a\ud800b"})
    void whatBeginsALineMovesACursorOrTurnsTextBecomesASpace(String hostile) {
        assertThat(GuestText.sentence(hostile)).isEqualTo("a b");
    }

    @Test
    void aForgedLogLineStaysInItsLine() {
        String forged = GuestText.sentence("no\n[11/26/26, 0:00:00:000 UTC] 00000001 dev.agentruntime FORGED AGRT9999E");
        assertThat(forged.lines()).hasSize(1);
    }

    @Test
    void coloursAreTakenOut() {
        assertThat(GuestText.sentence("\u001b[1;31mred\u001b[0m \u001b[2Kgone")).isEqualTo("red gone");
        assertThat(GuestText.sentence("\u001b]0;title\u0007")).doesNotContain("\u001b", "\u0007");
    }

    @Test
    void whatIsLongIsCutAndSaysSo() {
        assertThat(GuestText.sentence("x".repeat(GuestText.LONGEST))).hasSize(GuestText.LONGEST).doesNotEndWith("…");
        assertThat(GuestText.sentence("x".repeat(1 << 20))).hasSize(GuestText.LONGEST).endsWith("x…");
        String halves = "x".repeat(GuestText.LONGEST - 1) + "😀";
        assertThat(GuestText.sentence(halves + "y").chars().filter(c -> Character.isSurrogate((char) c))).isEmpty();
    }

    @Test
    void theLastLinesOfALogAreKeptEachCleanAndCut() {
        String log = "one\n\n  \ntwo\u0007\n" + "x".repeat(5000) + "\nthree\n";
        assertThat(GuestText.lines(log, 3)).hasSize(3).startsWith("two").endsWith("three");
        assertThat(GuestText.lines(log, 3).get(1)).hasSize(GuestText.LONGEST);
        assertThat(GuestText.lines("", 3)).isEmpty();
    }
}
