package dev.agentruntime.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineCutterTest {

    private final LineCutter cutter = new LineCutter();

    private List<String> cut(String text) {
        return cutter.lines(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aLineMayComeInPieces() {
        assertThat(cut("a")).isEmpty();
        assertThat(cut("b\nc")).containsExactly("ab");
        assertThat(cut("\n\n")).containsExactly("c", "");
    }

    @Test
    void aCharacterMayBeCutInTwo() {
        byte[] bytes = "書\n".getBytes(StandardCharsets.UTF_8);
        assertThat(cutter.lines(ByteBuffer.wrap(bytes, 0, 2))).isEmpty();
        assertThat(cutter.lines(ByteBuffer.wrap(bytes, 2, bytes.length - 2))).containsExactly("書");
    }

    @Test
    void whateverThePiecesTheLinesAreTheSame() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String text = "eins\n\nzwei 書\n" + "x".repeat(20_000) + "\nlast\n";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 100; round++) {
            List<String> lines = new ArrayList<>();
            for (int at = 0; at < bytes.length; ) {
                int count = Math.min(1 + random.nextInt(8000), bytes.length - at);
                lines.addAll(cutter.lines(ByteBuffer.wrap(bytes, at, count)));
                at += count;
            }
            assertThat(lines).as("seed %d", seed).isEqualTo(text.lines().toList());
        }
    }

    @Test
    void aLineWithoutAnEndIsRefused() {
        String much = "x".repeat(LineCutter.LONGEST_BYTES);
        cut(much);
        assertThatThrownBy(() -> cut("x")).isInstanceOf(GuestLogException.class);
    }
}
