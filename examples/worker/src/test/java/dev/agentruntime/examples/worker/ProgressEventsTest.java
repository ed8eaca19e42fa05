package dev.agentruntime.examples.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProgressEventsTest {

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final AtomicLong looks = new AtomicLong();
    private final ProgressEvents events = new ProgressEvents(
            () -> new Progress(looks.incrementAndGet() < 4 ? "running" : "done", looks.get(), 4), Duration.ofMillis(20), executor);

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void progressIsToldUntilTheJobHasEnded() {
        Listener listener = new Listener(1, Integer.MAX_VALUE);
        events.subscribe(listener);
        await().until(() -> listener.ends.contains("complete"));
        assertThat(listener.heard).extracting(Progress::state).containsExactly("running", "running", "running", "done");
    }

    @Test
    void whoAsksForManyEventsAtOnceIsToldOfThemAtThePace() {
        Listener listener = new Listener(Long.MAX_VALUE, Integer.MAX_VALUE);
        events.subscribe(listener);
        await().until(() -> listener.ends.contains("complete"));
        assertThat(listener.heard).hasSize(4);
    }

    @Test
    void whoLeavesIsToldNoMore() {
        Listener listener = new Listener(1, 2);
        events.subscribe(listener);
        await().until(() -> listener.heard.size() == 2);
        await().during(Duration.ofMillis(200)).until(() -> listener.heard.size() == 2 && looks.get() == 2);
    }

    @Test
    void askingForNothingIsAnError() {
        Listener listener = new Listener(0, 1);
        events.subscribe(listener);
        assertThat(listener.ends).containsExactly("A subscriber must ask for at least one event, not 0");
    }

    private static final class Listener implements Flow.Subscriber<Progress> {
        private final long atATime;
        private final int most;
        private final List<Progress> heard = new CopyOnWriteArrayList<>();
        private final List<String> ends = new CopyOnWriteArrayList<>();
        private Flow.Subscription subscription;

        Listener(long atATime, int most) {
            this.atATime = atATime;
            this.most = most;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(atATime);
        }

        @Override
        public void onNext(Progress progress) {
            heard.add(progress);
            if (heard.size() == most) {
                subscription.cancel();
            } else if (atATime == 1) {
                subscription.request(1);
            }
        }

        @Override
        public void onError(Throwable failure) {
            ends.add(failure.getMessage());
        }

        @Override
        public void onComplete() {
            ends.add("complete");
        }
    }
}
