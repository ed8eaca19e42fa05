package dev.agentruntime.libvirt;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads of a process that may have none left for a moment. */
final class ScarceThreads extends ThreadPoolExecutor {

    private volatile boolean exhausted;

    ScarceThreads() {
        super(0, Integer.MAX_VALUE, 60, TimeUnit.SECONDS, new SynchronousQueue<>(), quiet());
    }

    private static java.util.concurrent.ThreadFactory quiet() {
        return task -> {
            Thread thread = DaemonThreads.named("scarce").newThread(task);
            thread.setUncaughtExceptionHandler((ended, failure) -> { });
            return thread;
        };
    }

    /** From now on no thread can be had. */
    void exhaust() {
        exhausted = true;
    }

    void recover() {
        exhausted = false;
    }

    @Override
    public void execute(Runnable task) {
        if (exhausted) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        super.execute(task);
    }
}
