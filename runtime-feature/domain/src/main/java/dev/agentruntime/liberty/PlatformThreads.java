package dev.agentruntime.liberty;

import dev.agentruntime.platform.Workers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The platform's threads: few, named, gone when they have nothing to do for a while. */
final class PlatformThreads implements AutoCloseable {

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration KEPT = Duration.ofSeconds(30);
    private static final Duration LAST_WRITE = Duration.ofSeconds(2);

    private final ExecutorService vms = elastic("vm");
    private final ExecutorService files = elastic("files");
    private final ExecutorService preparation = bounded("prepare", 2);
    private final ExecutorService store = bounded("store", 4);
    private final ExecutorService directory = bounded("directory", 4);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(named("timer"));

    Workers workers() {
        return new Workers(vms, files, preparation, store, directory);
    }

    /** Goes on whatever {@code tick} throws. */
    void everySecond(Runnable tick) {
        timer.scheduleAtFixedRate(new Heartbeat(tick), TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        List.of(vms, files, preparation).forEach(ExecutorService::shutdownNow);
        List.of(store, directory).forEach(ExecutorService::shutdown);
        List.of(store, directory).forEach(PlatformThreads::stop);
    }

    /** An interrupt in the midst of a write closes H2's file; only a database that hangs is interrupted. */
    private static void stop(ExecutorService threads) {
        try {
            threads.awaitTermination(LAST_WRITE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }

    /** As many threads as there is work: nothing waits behind anything else. What brings the work bounds it. */
    private static ExecutorService elastic(String name) {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, KEPT.toSeconds(), TimeUnit.SECONDS, new SynchronousQueue<>(), named(name));
    }

    private static ExecutorService bounded(String name, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, KEPT.toSeconds(), TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ThreadFactory named(String name) {
        AtomicInteger counter = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, "agent-runtime-" + name + "-" + counter.incrementAndGet());
            thread.setDaemon(true);
            thread.setContextClassLoader(PlatformThreads.class.getClassLoader());
            return thread;
        };
    }
}
