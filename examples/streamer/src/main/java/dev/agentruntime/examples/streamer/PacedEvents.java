package dev.agentruntime.examples.streamer;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes each event when its time has come and the subscriber has asked for it. A slow subscriber delays events, and none is
 * kept for it.
 */
final class PacedEvents implements Flow.Publisher<Event> {

    private final int events;
    private final Duration interval;
    private final ScheduledExecutorService scheduler;

    PacedEvents(int events, Duration interval, ScheduledExecutorService scheduler) {
        this.events = events;
        this.interval = interval;
        this.scheduler = scheduler;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Event> subscriber) {
        Pace pace = new Pace(subscriber);
        subscriber.onSubscribe(pace);
        if (events == 0) {
            pace.cancel();
            subscriber.onComplete();
        }
    }

    /** One subscription. At most one event is scheduled at a time, which keeps the subscriber's calls in sequence. */
    private final class Pace implements Flow.Subscription {

        private final Flow.Subscriber<? super Event> subscriber;
        private final AtomicLong demand = new AtomicLong();
        private volatile boolean cancelled;
        private volatile int made;
        private volatile long lastMadeNanos;

        Pace(Flow.Subscriber<? super Event> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                cancel();
                subscriber.onError(new IllegalArgumentException("A subscriber must ask for at least one event, not " + n));
            } else if (demand.getAndAccumulate(n, Pace::addUpToMax) == 0 && events > 0) {
                scheduleNext();
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        private void scheduleNext() {
            long pause = made == 0 ? 0 : interval.toNanos() - (System.nanoTime() - lastMadeNanos);
            scheduler.schedule(this::makeOne, Math.max(0, pause), TimeUnit.NANOSECONDS);
        }

        private void makeOne() {
            if (cancelled) {
                return;
            }
            int number = made + 1;
            made = number;
            lastMadeNanos = System.nanoTime();
            subscriber.onNext(new Event(number, Instant.now().toString()));
            if (number == events && !cancelled) {
                subscriber.onComplete();
            } else if (demand.decrementAndGet() > 0) {
                scheduleNext();
            }
        }

        private static long addUpToMax(long asked, long more) {
            return asked + more < 0 ? Long.MAX_VALUE : asked + more;
        }
    }
}
