package dev.agentruntime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.benchmarks.ThreadTimes.Thread;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThreadTimesTest {

    @Test
    void threadsOfOnePoolAreOneKind() {
        ThreadTimes before = new ThreadTimes(Map.of("1", new Thread("worker-1", 10), "2", new Thread("worker-2", 20)));
        ThreadTimes after = new ThreadTimes(Map.of("1", new Thread("worker-1", 15), "2", new Thread("worker-2", 40), "3", new Thread("main", 7)));
        assertThat(after.since(before)).containsExactlyInAnyOrderEntriesOf(Map.of("worker", 25L, "main", 7L));
    }

    @Test
    void theJvmsCompilersAreKindsOfTheirOwnThoughANumberIsInTheirNames() {
        ThreadTimes none = new ThreadTimes(Map.of());
        ThreadTimes after = new ThreadTimes(Map.of("1", new Thread("C1 CompilerThre", 15), "2", new Thread("C2 CompilerThre", 40),
                "3", new Thread("GC Thread#0", 1), "4", new Thread("GC Thread#11", 2)));
        assertThat(after.since(none)).containsExactlyInAnyOrderEntriesOf(Map.of("C1 CompilerThre", 15L, "C2 CompilerThre", 40L, "GC Thread", 3L));
        assertThat(ThreadTimes.sum(after.since(none), FrontServer.OWN)).isEqualTo(3);
    }

    @Test
    void theVmsInMemoryAreNotTheServers() {
        Map<String, Long> used = new ThreadTimes(Map.of("1", new Thread("fake-guest", 15), "2", new Thread("Default Executo", 40))).since(new ThreadTimes(Map.of()));
        assertThat(ThreadTimes.sum(used, FrontServer.OWN)).isEqualTo(40);
        assertThat(ThreadTimes.sum(used, FrontServer.GUESTS)).isEqualTo(15);
    }

    @Test
    void whatHasNotRunIsNoKind() {
        ThreadTimes then = new ThreadTimes(Map.of("1", new Thread("GC Thread#0", 10)));
        assertThat(then.since(then)).isEmpty();
    }

    @Test
    void sumIsOfTheKindsMeantOnly() {
        assertThat(ThreadTimes.sum(Map.of("a", 1L, "b", 2L, "c", 4L), kind -> !kind.equals("b"))).isEqualTo(5);
    }

    @Test
    void aProcessOfThisMachineCanBeRead() throws IOException {
        ThreadTimes before = ThreadTimes.of(ProcessHandle.current().pid());
        long until = System.nanoTime() + 20_000_000;
        while (System.nanoTime() < until) {
            java.lang.Thread.onSpinWait();
        }
        assertThat(ThreadTimes.sum(ThreadTimes.of(ProcessHandle.current().pid()).since(before), kind -> true)).isPositive();
    }
}
