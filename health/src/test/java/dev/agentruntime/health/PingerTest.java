package dev.agentruntime.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.PingAnswer;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.PlatformListener;
import dev.agentruntime.api.SessionProbe;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PingerTest {

    private record Task(Runnable what, Duration after, Future<?> future) {}

    private final Deque<Task> tasks = new ArrayDeque<>();
    private final ExecutorService workers = PingWorkers.elastic(Thread::new);
    private final FakePlatform platform = new FakePlatform();
    private final PlatformListener meters = new PlatformListener() {};
    private final Pinger pinger = new Pinger(platform, meters, this::later, workers);

    @AfterEach
    void stop() {
        workers.shutdownNow();
    }

    @Test
    void roundsFollowEachOtherAtTheIntervalOfThePolicy() {
        pinger.start();
        next(2);
        assertThat(platform.asked).isEqualTo(1);
        platform.interval = Duration.ofMillis(300);
        next(1);
        assertThat(tasks).singleElement().extracting(Task::after).isEqualTo(Duration.ofMillis(300));
        assertThat(platform.asked).isEqualTo(2);
    }

    @Test
    void thePlatformIsLookedForUntilItIsThere() {
        platform.failure = Optional.of(new IllegalStateException("The agent runtime is not in JNDI"));
        pinger.start();
        next(2 * Pinger.QUIET_TRIES);
        assertThat(platform.listeners).isEmpty();
        platform.failure = Optional.empty();
        next(2);
        assertThat(platform.listeners).containsExactly(meters);
        assertThat(platform.watchers).hasSize(1);
        assertThat(platform.asked).isEqualTo(1);
    }

    @Test
    void aConnectionThatFailsHalfwayLeavesNothingBehind() {
        platform.watching = Optional.of(new IllegalStateException("stopping"));
        pinger.start();
        next(3);
        assertThat(platform.listeners).isEmpty();
        platform.watching = Optional.empty();
        next(1);
        assertThat(platform.listeners).hasSize(1);
        assertThat(platform.watchers).hasSize(1);
    }

    static List<Throwable> failures() {
        return List.of(new IllegalStateException("a fault"), new OutOfMemoryError("unable to create native thread"),
                new StackOverflowError(), new NoClassDefFoundError("x"), new RejectedExecutionException("for a moment"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aRoundThatFailsIsFollowedByTheNext(Throwable failure) {
        pinger.start();
        next(1);
        platform.failure = Optional.of(failure);
        next(3);
        assertThat(tasks).singleElement().extracting(Task::after).isEqualTo(Pinger.RETRY);
        platform.failure = Optional.empty();
        next(1);
        assertThat(platform.asked).isEqualTo(1);
    }

    @Test
    void afterTheEndNothingIsAskedAndNobodyListens() {
        pinger.start();
        next(2);
        Task left = tasks.peek();
        pinger.stop();
        assertThat(left.future()).isCancelled();
        assertThat(platform.listeners).isEmpty();
        assertThat(platform.watchers).isEmpty();
        next(1);
        assertThat(platform.asked).isEqualTo(1);
        assertThat(tasks).isEmpty();
    }

    @Test
    void aSessionWhoseWorkEndsWhileWeStopHarmsNobody() {
        pinger.start();
        next(1);
        SessionProbe session = new SessionProbe() {
            @Override
            public String runtime() {
                return "hello";
            }

            @Override
            public String sessionId() {
                return "a";
            }

            @Override
            public PingAnswer ask(Duration timeout) {
                throw new AssertionError("is not asked");
            }

            @Override
            public void report(PingStatus status, String said) {
                throw new AssertionError("is not reported");
            }
        };
        var watcher = platform.watchers.get(0);
        pinger.stop();
        watcher.workEnded(session);
        assertThat(tasks).hasSize(1);
    }

    private Future<?> later(Runnable task, Duration delay) {
        CompletableFuture<?> future = new CompletableFuture<>();
        tasks.add(new Task(task, delay, future));
        return future;
    }

    private void next(int count) {
        for (int i = 0; i < count; i++) {
            tasks.remove().what().run();
        }
    }
}
