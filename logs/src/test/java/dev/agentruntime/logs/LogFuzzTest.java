package dev.agentruntime.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.fuzz.Corpus;
import dev.agentruntime.fuzz.Fuzz;
import dev.agentruntime.fuzz.Mutations;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A guest's log as it comes over its stream: logs of a corpus, changed. */
class LogFuzzTest {

    private static final Corpus CORPUS = Corpus.of(LogFuzzTest.class, "corpus");
    private static final Instant BEGUN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = BEGUN.plusSeconds(60);

    @TestFactory
    List<DynamicTest> eachOfTheCorpusIsTakenOrRefused() {
        return CORPUS.inputs().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> take(entry.getValue(), new Random(1)))).toList();
    }

    @Test
    void whateverComesIsLinesThatAreFitToBeKeptOrIsRefused() {
        Fuzz.run(1000, random -> take(CORPUS.mutated(random), random));
    }

    private static void take(byte[] input, Random random) {
        List<String> whole = lines(List.of(ByteBuffer.wrap(input)));
        List<String> pieces = lines(Mutations.pieces(input, random));
        // Where a line is refused, those before it may have come in pieces before and are taken then.
        assertThat(pieces).hasSizeGreaterThanOrEqualTo(whole.size());
        assertThat(pieces.subList(0, whole.size())).isEqualTo(whole);
        for (String line : pieces) {
            keep(line);
        }
    }

    private static List<String> lines(List<ByteBuffer> pieces) {
        LineCutter cutter = new LineCutter();
        List<String> lines = new ArrayList<>();
        try {
            for (ByteBuffer piece : pieces) {
                lines.addAll(cutter.lines(piece.duplicate()));
            }
        } catch (GuestLogException refused) {
            assertThat(refused).hasMessageMatching("[ -~]+");
        }
        return lines;
    }

    private static void keep(String line) {
        try {
            GuestLine.first(line);
        } catch (GuestLogException another) {
            assertThat(another).hasMessageMatching("[ -~]+");
        }
        try {
            GuestLine taken = GuestLine.of(line);
            assertThat(taken.said(BEGUN, NOW).time()).isBetween(BEGUN, NOW);
            assertThat(LineText.of(taken.text())).hasSizeLessThanOrEqualTo(LineText.LONGEST + 1).matches("[^\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]*");
        } catch (GuestLogException refused) {
            assertThat(refused).hasMessageMatching("[ -~]+");
        }
    }
}
