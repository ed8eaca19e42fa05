package dev.agentruntime.examples.worker;

import dev.agentruntime.sdk.AgentContext;
import dev.agentruntime.sdk.AgentEntrypoint;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Starts a job and returns at once. The job keeps the session busy until it is done, whoever comes and goes meanwhile; its progress can
 * be asked for or followed, and it can be cancelled.
 */
@ApplicationScoped
public class Worker {

    private static final long LONGEST_SECONDS = 8 * 3600;
    private static final Duration PACE = Duration.ofSeconds(1);

    @Resource
    private ManagedScheduledExecutorService executor;

    private final AtomicReference<Optional<Job>> latest = new AtomicReference<>(Optional.empty());

    /** Returns the progress, or a publisher of it where the order is to follow. */
    @AgentEntrypoint(warmUp = "{\"status\": true}")
    public Object invoke(Order order, AgentContext context) {
        if (Boolean.TRUE.equals(order.follow())) {
            return new ProgressEvents(this::progress, PACE, executor);
        }
        if (Boolean.TRUE.equals(order.cancel())) {
            latest.get().ifPresent(Job::cancel);
            return progress();
        }
        if (Boolean.TRUE.equals(order.status())) {
            return progress();
        }
        long seconds = order.seconds() == null ? 60 : order.seconds();
        if (seconds < 1 || seconds > LONGEST_SECONDS) {
            throw new IllegalArgumentException("seconds must be 1 to " + LONGEST_SECONDS + ", not " + seconds);
        }
        Job job = new Job(seconds, PACE, context.tasks().start("job of " + seconds + " s"));
        job.startOn(executor);
        latest.set(Optional.of(job));
        return job.progress();
    }

    private Progress progress() {
        return latest.get().map(Job::progress).orElse(Progress.IDLE);
    }
}
