package dev.agentruntime.examples.worker;

import dev.agentruntime.sdk.AgentTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** One step of work a second. Its task is open from the start to the last step. */
final class Job {

    private final long steps;
    private final AgentTask task;
    private final AtomicLong done = new AtomicLong();

    Job(long steps, AgentTask task) {
        this.steps = steps;
        this.task = task;
    }

    void startOn(ScheduledExecutorService executor) {
        try {
            executor.schedule(() -> step(executor), 1, TimeUnit.SECONDS);
        } catch (RejectedExecutionException e) {
            task.close();
            throw e;
        }
    }

    Progress progress() {
        long now = done.get();
        return new Progress(now == steps ? "done" : "running", now, steps);
    }

    private void step(ScheduledExecutorService executor) {
        if (done.incrementAndGet() == steps) {
            task.close();
        } else {
            startOn(executor);
        }
    }
}
