package dev.agentruntime.examples.worker;

import dev.agentruntime.sdk.AgentTask;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** One step of work after the other, by default one a second. Its task is open from the start to the last step, or to its cancellation. */
final class Job {

    private final long steps;
    private final Duration pace;
    private final AgentTask task;
    private long done;
    private String state = "running";

    Job(long steps, Duration pace, AgentTask task) {
        this.steps = steps;
        this.pace = pace;
        this.task = task;
    }

    void startOn(ScheduledExecutorService executor) {
        try {
            executor.schedule(() -> step(executor), pace.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            end("failed");
            throw e;
        }
    }

    synchronized Progress progress() {
        return new Progress(state, done, steps);
    }

    /** Ends the job before its next step. One that has ended stays as it is. */
    void cancel() {
        end("cancelled");
    }

    private void step(ScheduledExecutorService executor) {
        if (count()) {
            startOn(executor);
        }
    }

    /** Returns whether there is more to do. */
    private synchronized boolean count() {
        if (!state.equals("running")) {
            return false;
        }
        done++;
        if (done == steps) {
            end("done");
        }
        return done < steps;
    }

    private synchronized void end(String how) {
        if (state.equals("running")) {
            state = how;
            task.close();
        }
    }
}
