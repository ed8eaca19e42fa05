package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuestLogsTest {

    private static final Duration LONG = Duration.ofSeconds(10);

    private final GuestLogs logs = new GuestLogs();
    private final CountDownLatch slow = new CountDownLatch(1);

    @AfterEach
    void close() {
        slow.countDown();
        logs.close();
    }

    @Test
    void theLastLinesThatSaySomethingAreShown() {
        List<String> lines = IntStream.range(0, 100).mapToObj(i -> i % 2 == 0 ? "line " + i : i % 3 == 0 ? "\tat some.Frame" : i % 5 == 0 ? " ... 20 more" : " at com.ibm.ws.Frame.call(Frame.java:7)").toList();
        assertThat(logs.tail(invocation("a", lines))).succeedsWithin(LONG).satisfies(shown -> assertThat(shown)
                .hasSize(20).startsWith("line 60").endsWith("line 98"));
    }

    @Test
    void aLogThatDoesNotComeInTimeIsLeftOut() {
        CompletableFuture<List<String>> read = logs.tail(hanging("a"));
        assertThat(read).succeedsWithin(GuestLogs.PATIENCE.multipliedBy(4)).isEqualTo(List.of());
    }

    @Test
    void aSessionsLogIsReadOnceAtATime() {
        AtomicInteger readings = new AtomicInteger();
        FakeInvocation invocation = new FakeInvocation("a", 0, () -> {
            readings.incrementAndGet();
            return waitFor();
        });
        logs.tail(invocation);
        assertThat(logs.tail(invocation)).isCompletedWithValue(List.of());
        assertThat(readings).hasValueLessThanOrEqualTo(1);
    }

    @Test
    void aSessionsLogIsReadAgainLater() {
        assertThat(logs.tail(invocation("a", List.of("one")))).succeedsWithin(LONG).isEqualTo(List.of("one"));
        org.awaitility.Awaitility.await().untilAsserted(() ->
                assertThat(logs.tail(invocation("a", List.of("two")))).succeedsWithin(LONG).isEqualTo(List.of("two")));
    }

    @Test
    void readingsThatHangTakeNoMoreThreadsThanTheirOwn() {
        for (int i = 0; i < 50; i++) {
            logs.tail(hanging("session-" + i));
        }
        assertThat(Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("agent-logs")))
                .hasSizeLessThanOrEqualTo(GuestLogs.MOST_READINGS);
        assertThat(logs.tail(invocation("other", List.of("x")))).isCompletedWithValue(List.of());
    }

    @Test
    void aLogThatCannotBeReadSaysSo() {
        assertThat(logs.tail(new FakeInvocation("a", 0, () -> {
            throw new IllegalStateException("its link is down");
        }))).succeedsWithin(LONG).isEqualTo(List.of("The guest's log could not be read: its link is down"));
    }

    private static FakeInvocation invocation(String session, List<String> lines) {
        return new FakeInvocation(session, 0, () -> lines);
    }

    private FakeInvocation hanging(String session) {
        return new FakeInvocation(session, 0, this::waitFor);
    }

    private List<String> waitFor() {
        try {
            slow.await();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
        return List.of();
    }

    @Test
    void framesWithoutAnIndentationAreLeftOutTooAndSentencesThatBeginLikeThemAreNot() {
        assertThat(GuestLogs.tail(List.of("java.lang.IllegalStateException: some words", "at dev.acme.Agent.invoke(Agent.java:12)",
                "at java.base/java.lang.Thread.run(Thread.java:840)", "at [internal classes]", "... 3 more", "at last it is done (really)", "at noon")))
                .containsExactly("java.lang.IllegalStateException: some words", "at last it is done (really)", "at noon");
    }
}
