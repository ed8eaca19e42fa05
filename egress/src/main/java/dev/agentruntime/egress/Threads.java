package dev.agentruntime.egress;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads for what may take long, so that no loop waits for it. */
final class Threads {

    private static final long IDLE_SECONDS = 10;

    private Threads() {}

    /** Threads that there are only while there is work; further work waits for one of them. */
    static ExecutorService few(String name, int most) {
        ThreadPoolExecutor few = new ThreadPoolExecutor(most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                new DefaultThreadFactory(name, true));
        few.allowCoreThreadTimeOut(true);
        return few;
    }
}
