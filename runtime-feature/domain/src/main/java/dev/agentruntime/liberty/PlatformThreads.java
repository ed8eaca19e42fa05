package dev.agentruntime.liberty;

import dev.agentruntime.runtime.Workers;
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

    private final ExecutorService work = pool("work", 8);
    private final ExecutorService starts = pool("start", Math.max(4, 2 * Runtime.getRuntime().availableProcessors()));
    private final ExecutorService preparation = pool("prepare", 2);
    private final ExecutorService wakes = pool("wake", 8);
    private final ExecutorService pools = pool("pool", Runtime.getRuntime().availableProcessors());
    private final ExecutorService ledger = pool("ledger", 2);
    private final ExecutorService files = elastic("files");
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(named("timer"));

    Workers workers() {
        return new Workers(work, wakes, starts, preparation, pools, ledger, files);
    }

    /** Goes on whatever {@code tick} throws. */
    void everySecond(Runnable tick) {
        timer.scheduleAtFixedRate(new Heartbeat(tick), TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    void stopTimer() {
        timer.shutdownNow();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        List.of(work, wakes, starts, preparation, pools, ledger, files).forEach(ExecutorService::shutdownNow);
    }

    private static ExecutorService pool(String name, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, KEPT.toSeconds(), TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** As many threads as there are tasks that hang. */
    private static ExecutorService elastic(String name) {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, KEPT.toSeconds(), TimeUnit.SECONDS, new SynchronousQueue<>(), named(name));
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
