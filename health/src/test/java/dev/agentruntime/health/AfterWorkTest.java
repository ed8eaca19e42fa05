package dev.agentruntime.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.PingAnswer;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.SessionProbe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AfterWorkTest {

    private record Task(long at, Runnable what) {}

    private record Session(String runtime, String sessionId) implements SessionProbe {
        @Override
        public PingAnswer ask(Duration timeout) {
            throw new AssertionError("only the round asks");
        }

        @Override
        public void report(PingStatus status, String said) {
            throw new AssertionError("only the round reports");
        }
    }

    private final PriorityQueue<Task> tasks = new PriorityQueue<>(Comparator.comparingLong(Task::at));
    private final List<String> asked = new ArrayList<>();
    private long now = 123;
    private final AfterWork afterWork = new AfterWork(
            (task, delay) -> tasks.add(new Task(now + delay.toNanos(), task)),
            session -> asked.add(session.sessionId() + "@" + Duration.ofNanos(now - 123).toMillis()), () -> now);

    @Test
    void anAgentIsAskedAMomentAfterItsWork() {
        afterWork.ended(new Session("hello", "a"));
        pass(Duration.ofMillis(699));
        assertThat(asked).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(asked).containsExactly("a@700");
    }

    @Test
    void requestsThatFollowEachOtherAreFollowedByOnePing() {
        for (int i = 0; i < 500; i++) {
            afterWork.ended(new Session("hello", "a"));
            pass(Duration.ofMillis(10));
        }
        assertThat(asked).isEmpty();
        pass(Duration.ofSeconds(2));
        assertThat(asked).containsExactly("a@5690");
        assertThat(tasks).isEmpty();
    }

    @Test
    void sessionsAreAskedEachInItsOwnTime() {
        afterWork.ended(new Session("hello", "a"));
        pass(Duration.ofMillis(300));
        afterWork.ended(new Session("hello", "b"));
        afterWork.ended(new Session("other", "a"));
        pass(Duration.ofSeconds(2));
        assertThat(asked).containsExactlyInAnyOrder("a@700", "b@1000", "a@1000");
    }

    @Test
    void workThatEndsLaterIsAskedAboutAgain() {
        afterWork.ended(new Session("hello", "a"));
        pass(Duration.ofSeconds(1));
        afterWork.ended(new Session("hello", "a"));
        pass(Duration.ofSeconds(1));
        assertThat(asked).containsExactly("a@700", "a@1700");
    }

    @Test
    void aSessionForWhichNothingCouldBeScheduledIsScheduledAfterItsNextWork() {
        List<Task> later = new ArrayList<>();
        AtomicInteger tries = new AtomicInteger();
        AfterWork failing = new AfterWork((task, delay) -> {
            if (tries.incrementAndGet() == 1) {
                throw new RejectedExecutionException("for a moment");
            }
            later.add(new Task(0, task));
        }, session -> asked.add(session.sessionId()), () -> now);
        assertThatThrownBy(() -> failing.ended(new Session("hello", "a"))).isInstanceOf(RejectedExecutionException.class);
        failing.ended(new Session("hello", "a"));
        now += AfterWork.MOMENT.toNanos();
        later.get(0).what().run();
        assertThat(asked).containsExactly("a");
    }

    private void pass(Duration time) {
        long until = now + time.toNanos();
        while (!tasks.isEmpty() && tasks.peek().at() <= until) {
            Task task = tasks.poll();
            now = task.at();
            task.what().run();
        }
        now = until;
    }
}
