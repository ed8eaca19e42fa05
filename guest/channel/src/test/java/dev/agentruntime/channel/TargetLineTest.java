package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetLineTest {

    private static final String LONGEST = "x".repeat(64);

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void aTargetIsOneLine() throws Exception {
        assertThat(TargetLine.encode("agent")).isEqualTo("agent\n".getBytes(StandardCharsets.US_ASCII));
        InputStream in = bytes("agent\nGET /");
        assertThat(TargetLine.read(in)).isEqualTo("agent");
        assertThat(in.readAllBytes()).isEqualTo("GET /".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void theLongestTargetFits() throws Exception {
        assertThat(TargetLine.read(new ByteArrayInputStream(TargetLine.encode(LONGEST)))).isEqualTo(LONGEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "line\nfeed", "caf\u00e9", "\u0000", "tab\t", "\u007f", "x0123456789012345678901234567890123456789012345678901234567890123456789"})
    void whatIsNoTargetIsNotSent(String target) {
        assertThatThrownBy(() -> TargetLine.encode(target)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("1 to 64");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", " agent\n", "age nt\n", "agent\r\n", "\u0000\n", "\u00e9\n", "x0123456789012345678901234567890123456789012345678901234567890123456789"})
    void whatIsNoTargetIsNotTaken(String line) {
        assertThatThrownBy(() -> TargetLine.read(bytes(line))).isInstanceOf(IOException.class).isNotInstanceOf(EOFException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "agent"})
    void aStreamThatEndsBeforeItsTargetDoesSaysSo(String line) {
        assertThatThrownBy(() -> TargetLine.read(bytes(line))).isInstanceOf(EOFException.class).hasMessageContaining("had named its target");
    }

    @Test
    void aLineIsNeverReadFurtherThanItsBound() {
        InputStream in = bytes("y".repeat(1000));
        assertThatThrownBy(() -> TargetLine.read(in)).hasMessageContaining("more than 64");
        assertThat(in).hasSameContentAs(bytes("y".repeat(1000 - 65)));
    }
}
