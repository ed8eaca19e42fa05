package dev.agentruntime.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.LogLine.Severity;
import dev.agentruntime.api.LogLine.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OverlapTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123456Z");

    private final List<String> passed = new ArrayList<>();

    private Overlap after(Optional<Said> last) {
        return new Overlap(last.map(said -> said.numbered(7)), lines -> lines.forEach(line -> passed.add(line.text())));
    }

    private static Said said(int second, String text) {
        return new Said(NOON.plusSeconds(second), Source.STDOUT, Severity.INFO, text);
    }

    @Test
    void whereNothingWasKeptAllIsNew() {
        Overlap overlap = after(Optional.empty());
        overlap.accept(List.of(said(1, "a"), said(2, "b")));
        assertThat(passed).containsExactly("a", "b");
    }

    @Test
    void whatWasKeptIsLeftOutHoweverItComes() {
        Overlap overlap = after(Optional.of(said(2, "b")));
        overlap.accept(List.of(said(1, "a")));
        overlap.accept(List.of(said(2, "b"), said(3, "c")));
        assertThat(passed).as("more of what was kept may come").isEmpty();
        overlap.settle();
        assertThat(passed).containsExactly("c");
        overlap.accept(List.of(said(4, "d")));
        overlap.settle();
        assertThat(passed).containsExactly("c", "d");
    }

    @Test
    void aLineThatIsSaidAgainLaterIsNew() {
        Overlap overlap = after(Optional.of(said(2, "tick")));
        overlap.accept(List.of(said(1, "tick"), said(2, "tick"), said(3, "tick")));
        overlap.settle();
        overlap.accept(List.of(said(2, "tick")));
        assertThat(passed).containsExactly("tick", "tick");
    }

    @Test
    void whereTheGuestHasDroppedTheLastLineAllThatItHasIsNew() {
        Overlap overlap = after(Optional.of(said(2, "b")));
        overlap.accept(List.of(said(8, "x"), said(9, "y")));
        overlap.settle();
        assertThat(passed).containsExactly("x", "y");
    }

    @Test
    void theSameTextFromElsewhereIsAnotherLine() {
        Overlap overlap = after(Optional.of(new Said(NOON, Source.STDERR, Severity.WARNING, "a")));
        overlap.accept(List.of(new Said(NOON, Source.STDOUT, Severity.INFO, "a")));
        overlap.settle();
        assertThat(passed).containsExactly("a");
    }

    @Test
    void aGuestThatIsNeverQuietIsNotHeldBackForEver() {
        Overlap overlap = after(Optional.of(said(0, "never said again")));
        Stream.generate(() -> IntStream.range(1, 501).mapToObj(second -> said(second, "flood")).toList()).limit(20).forEach(overlap);
        assertThat(passed).hasSize(10_000);
    }
}
