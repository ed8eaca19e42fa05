package dev.agentruntime.examples.streamer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PacedEventsTest {

    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(2);

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
    }

    @Test
    void eventsComeInOrderAtTheirPace() {
        List<Event> events = new Reader(10).of(new PacedEvents(4, Duration.ofMillis(50), scheduler));
        assertThat(events).extracting(Event::number).containsExactly(1, 2, 3, 4);
        Duration time = Duration.between(Instant.parse(events.get(0).madeAt()), Instant.parse(events.get(3).madeAt()));
        assertThat(time).isGreaterThanOrEqualTo(Duration.ofMillis(140));
    }

    @Test
    void oneEventAtATimeIsEnoughToAskFor() {
        assertThat(new Reader(1).of(new PacedEvents(200, Duration.ZERO, scheduler)))
                .extracting(Event::number).hasSize(200).isSorted();
    }

    @Test
    void nothingIsMadeThatNobodyAskedFor() {
        Reader reader = new Reader(2).askingOnceOnly();
        new PacedEvents(5, Duration.ZERO, scheduler).subscribe(reader);
        assertThatThrownBy(() -> reader.done.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(java.util.concurrent.TimeoutException.class);
        assertThat(reader.events).hasSize(2);
    }

    @Test
    void noEventsIsAnEmptyStream() {
        assertThat(new Reader(1).of(new PacedEvents(0, Duration.ofHours(1), scheduler))).isEmpty();
    }

    @Test
    void askingForNothingIsAnError() {
        assertThatThrownBy(() -> new Reader(0).of(new PacedEvents(1, Duration.ZERO, scheduler)))
                .hasRootCauseInstanceOf(IllegalArgumentException.class);
    }

    private static final class Reader implements Flow.Subscriber<Event> {

        private final long batch;
        private final List<Event> events = new CopyOnWriteArrayList<>();
        private final CompletableFuture<List<Event>> done = new CompletableFuture<>();
        private boolean onceOnly;
        private Flow.Subscription subscription;

        Reader(long batch) {
            this.batch = batch;
        }

        Reader askingOnceOnly() {
            onceOnly = true;
            return this;
        }

        List<Event> of(Flow.Publisher<Event> publisher) {
            publisher.subscribe(this);
            return done.orTimeout(20, TimeUnit.SECONDS).join();
        }

        @Override
        public void onSubscribe(Flow.Subscription offered) {
            subscription = offered;
            offered.request(batch);
        }

        @Override
        public void onNext(Event event) {
            events.add(event);
            if (!onceOnly && events.size() % batch == 0) {
                subscription.request(batch);
            }
        }

        @Override
        public void onError(Throwable failure) {
            done.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            done.complete(List.copyOf(events));
        }
    }
}
