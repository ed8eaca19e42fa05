package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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
}
