package dev.agentruntime.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordsTest {

    @Test
    void nothingBreaksTheLine() {
        assertThat(Words.inOneLine(" a\r\nb\u0000c\u2028d\u2029e\u001b[31m\u0085f ", 100)).isEqualTo("a b c d e [31m f");
    }

    @Test
    void whatIsLongerEndsInAnEllipsis() {
        assertThat(Words.inOneLine("abcdef", 6)).isEqualTo("abcdef");
        assertThat(Words.inOneLine("abcdefg", 6)).isEqualTo("abcdef…");
    }
}
