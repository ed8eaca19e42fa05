package dev.agentruntime.examples.worker;

import dev.agentruntime.sdk.AgentContext;
import dev.agentruntime.sdk.AgentEntrypoint;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicReference;

/** Starts a job and answers at once. The job keeps the session busy until it is done. */
@ApplicationScoped
public class Worker {

    private static final long LONGEST_SECONDS = 8 * 3600;

    @Resource
    private ManagedScheduledExecutorService executor;

    private final AtomicReference<Job> latest = new AtomicReference<>();

    @AgentEntrypoint(warmUp = "{\"status\": true}")
    public Progress invoke(Order order, AgentContext context) {
        if (Boolean.TRUE.equals(order.status())) {
            Job job = latest.get();
            return job == null ? Progress.IDLE : job.progress();
        }
        long seconds = order.seconds() == null ? 60 : order.seconds();
        if (seconds < 1 || seconds > LONGEST_SECONDS) {
            throw new IllegalArgumentException("seconds must be 1 to " + LONGEST_SECONDS + ", not " + seconds);
        }
        Job job = new Job(seconds, context.tasks().start("job of " + seconds + " s"));
        job.startOn(executor);
        latest.set(job);
        return job.progress();
    }
}
