package dev.agentruntime.examples.worker;

import java.time.Duration;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Tells the progress, first at once and then at a pace, until the job has ended. A subscriber that leaves ends its own subscription and
 * not the job; any number may look on. No thread waits between two events.
 */
final class ProgressEvents implements Flow.Publisher<Progress> {

    private final Supplier<Progress> progress;
    private final Duration pace;
    private final ScheduledExecutorService executor;

    ProgressEvents(Supplier<Progress> progress, Duration pace, ScheduledExecutorService executor) {
        this.progress = progress;
        this.pace = pace;
        this.executor = executor;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Progress> subscriber) {
        subscriber.onSubscribe(new Look(subscriber));
    }

    /** One subscription. At most one event is scheduled at a time, which keeps the subscriber's calls in sequence. */
    private final class Look implements Flow.Subscription {

        private final Flow.Subscriber<? super Progress> subscriber;
        private final AtomicLong demand = new AtomicLong();
        private volatile boolean ended;
        private volatile boolean first = true;

        Look(Flow.Subscriber<? super Progress> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                ended = true;
                subscriber.onError(new IllegalArgumentException("A subscriber must ask for at least one event, not " + n));
            } else if (demand.getAndUpdate(before -> before + n < 0 ? Long.MAX_VALUE : before + n) == 0) {
                schedule();
            }
        }

        @Override
        public void cancel() {
            ended = true;
        }

        private void schedule() {
            executor.schedule(this::tell, first ? 0 : pace.toNanos(), TimeUnit.NANOSECONDS);
            first = false;
        }

        private void tell() {
            if (ended) {
                return;
            }
            Progress now = progress.get();
            subscriber.onNext(now);
            if (now.hasEnded()) {
                ended = true;
                subscriber.onComplete();
            } else if (demand.decrementAndGet() > 0) {
                schedule();
            }
        }
    }
}
