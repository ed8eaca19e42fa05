package dev.agentruntime.logs;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Few threads, on which logs are read from guests and written to the disk: one that hangs holds up logs and nothing else. */
final class LogThreads implements AutoCloseable {

    private static final int THREADS = 4;
    private static final Duration KEPT = Duration.ofSeconds(30);
    private static final Duration UNTIL_A_THREAD_CAN_BE_HAD = Duration.ofSeconds(1);

    private final SharedPace pace = new SharedPace();
    private final ThreadPoolExecutor threads;
    private final ScheduledThreadPoolExecutor timer;

    LogThreads() {
        this(named("agent-runtime-logs-"));
    }

    LogThreads(ThreadFactory made) {
        threads = new ThreadPoolExecutor(THREADS, THREADS, KEPT.toSeconds(), TimeUnit.SECONDS, new LinkedBlockingQueue<>(), made);
        threads.allowCoreThreadTimeOut(true);
        timer = new ScheduledThreadPoolExecutor(1, named("agent-runtime-logs-timer-"));
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** As soon as a thread is free, or can be had again. */
    void run(Runnable work) {
        try {
            threads.execute(work);
        } catch (OutOfMemoryError noThread) {
            later(UNTIL_A_THREAD_CAN_BE_HAD, work);
        }
    }

    /** Never after {@link #close()}. */
    void later(Duration pause, Runnable work) {
        try {
            timer.schedule(() -> run(work), pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            // The server stops: a log is read once more, without a pause, when its session ends.
        }
    }

    void every(Duration period, Runnable work) {
        timer.scheduleWithFixedDelay(() -> run(work), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** How fast guests are read on these. */
    SharedPace pace() {
        return pace;
    }

    /** Sessions may end after it, and have their last words: threads end by themselves when they have had nothing to do for a while. */
    @Override
    public void close() {
        timer.shutdownNow();
    }

    private static ThreadFactory named(String name) {
        AtomicInteger counter = new AtomicInteger();
        return work -> {
            Thread thread = Executors.defaultThreadFactory().newThread(work);
            thread.setName(name + counter.incrementAndGet());
            thread.setDaemon(true);
            thread.setContextClassLoader(LogThreads.class.getClassLoader());
            return thread;
        };
    }
}
