package dev.agentruntime.health;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of pings. Each ping has one for as long as its guest takes, so a guest that is slow holds up no other; nothing
 * queues. There are at most as many as sessions: {@link PingRound} has one ping of a session out at a time.
 */
final class PingWorkers {

    private static final int KEPT_SECONDS = 10;

    private PingWorkers() {}

    static ExecutorService elastic(ThreadFactory threads) {
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, KEPT_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), threads);
    }
}
