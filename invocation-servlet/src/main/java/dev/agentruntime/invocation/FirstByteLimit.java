package dev.agentruntime.invocation;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.util.thread.Scheduler;

/** Aborts a request that has neither been sent on nor been answered for too long. One timer per request. */
final class FirstByteLimit {

    private final Request request;
    private final Scheduler scheduler;
    private final Duration limit;
    private volatile long progressNanos = System.nanoTime();
    private volatile boolean met;
    private volatile Scheduler.Task timer = () -> false;

    FirstByteLimit(Request request, Scheduler scheduler, Duration limit) {
        this.request = request;
        this.scheduler = scheduler;
        this.limit = limit;
    }

    void watch() {
        if (met) {
            return;
        }
        long left = limit.toNanos() - (System.nanoTime() - progressNanos);
        if (left <= 0) {
            request.abort(new TimeoutException("no answer within " + limit));
        } else {
            timer = scheduler.schedule(this::watch, left, TimeUnit.NANOSECONDS);
        }
    }

    /** Some of the request has gone out: the time begins anew. */
    void progress() {
        progressNanos = System.nanoTime();
    }

    /** The agent has answered, or the request has failed. */
    void met() {
        met = true;
        timer.cancel();
    }
}
