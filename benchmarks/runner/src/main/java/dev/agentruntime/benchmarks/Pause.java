package dev.agentruntime.benchmarks;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Lets time pass that is part of a measurement's method. */
final class Pause {

    private Pause() {}

    static void of(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw new BenchmarkException("Interrupted");
            }
        }
    }
}
