package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LogRingTest {

    @Test
    void onlyTheLatestLinesAreKept() {
        LogRing ring = new LogRing(3);
        List.of("a", "b", "c", "d").forEach(ring::add);
        assertThat(ring.tail(10)).containsExactly("b", "c", "d");
        assertThat(ring.tail(1)).containsExactly("d");
    }

    @Test
    void linesSinceAMarkAreThoseAddedAfterIt() {
        LogRing ring = new LogRing(3);
        ring.add("before");
        long mark = ring.mark();
        assertThat(ring.since(mark, 10)).isEmpty();
        List.of("a", "b").forEach(ring::add);
        assertThat(ring.since(mark, 10)).containsExactly("a", "b");
        List.of("c", "d").forEach(ring::add);
        assertThat(ring.since(mark, 10)).containsExactly("b", "c", "d");
        assertThat(ring.since(mark, 2)).containsExactly("c", "d");
    }

    @Test
    void aListenerHearsLinesUntilItIsClosed() {
        LogRing ring = new LogRing(3);
        List<String> heard = new ArrayList<>();
        try (LogRing.Registration registration = ring.listen(heard::add)) {
            ring.add("a");
        }
        ring.add("b");
        assertThat(heard).containsExactly("a");
    }

    @Test
    void anEndlessLineIsCut() {
        LogRing ring = new LogRing(1);
        ring.add("x".repeat(1_000_000));
        assertThat(ring.tail(1).get(0)).hasSizeLessThan(5000);
    }

    @Test
    void longLinesPushOutMoreOfTheOldOnes() {
        LogRing ring = new LogRing(2000);
        for (int n = 0; n < 2000; n++) {
            ring.add("y".repeat(4000));
        }
        assertThat(ring.tail(2000)).hasSizeBetween(200, 300);
    }

    @Test
    void whoeverWaitsGetsWhatIsAddedWithItsNumber() throws Exception {
        LogRing ring = new LogRing(3);
        CompletableFuture<LogRing.Batch> waiting = CompletableFuture.supplyAsync(() -> await(ring, 0));
        assertThat(waiting).isNotDone();
        ring.add("a");
        assertThat(waiting).succeedsWithin(Duration.ofSeconds(10))
                .satisfies(batch -> assertThat(batch.lines()).extracting(LogRing.Line::text).containsExactly("a"));
        List.of("b", "c", "d", "e").forEach(ring::add);
        assertThat(await(ring, 1).lines()).extracting(LogRing.Line::number).containsExactly(2L, 3L, 4L);
    }

    @Test
    void afterTheEndNobodyWaits() {
        LogRing ring = new LogRing(3);
        CompletableFuture<LogRing.Batch> waiting = CompletableFuture.supplyAsync(() -> await(ring, 1));
        ring.add("a");
        ring.end();
        ring.add("said after the end");
        assertThat(waiting).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(new LogRing.Batch(List.of(), true));
        assertThat(await(ring, 0)).satisfies(batch -> {
            assertThat(batch.lines()).extracting(LogRing.Line::text).containsExactly("a");
            assertThat(batch.ended()).isTrue();
        });
    }

    @Test
    void theFirstLineIsTheFirstThatWasNotForgotten() {
        LogRing ring = new LogRing(3);
        List.of("a", "b").forEach(ring::add);
        ring.clear();
        ring.add("c");
        assertThat(ring.first()).isEqualTo(2);
        assertThat(await(ring, ring.first()).lines()).extracting(LogRing.Line::text).containsExactly("c");
    }

    @Test
    void whoeverWaitsForLinesThatWereForgottenWaitsForThoseThatCome() throws Exception {
        LogRing ring = new LogRing(3);
        List.of("a", "b").forEach(ring::add);
        ring.clear();
        CompletableFuture<LogRing.Batch> waiting = CompletableFuture.supplyAsync(() -> await(ring, 0));
        assertThat(waiting).as("does not turn in circles").failsWithin(Duration.ofMillis(100));
        ring.add("c");
        assertThat(waiting).succeedsWithin(Duration.ofSeconds(10))
                .satisfies(batch -> assertThat(batch.lines()).extracting(LogRing.Line::text).containsExactly("c"));
        ring.clear();
        ring.end();
        assertThat(await(ring, 0)).isEqualTo(new LogRing.Batch(List.of(), true));
    }

    private static LogRing.Batch await(LogRing ring, long number) {
        try {
            return ring.await(number, 10, () -> false);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
