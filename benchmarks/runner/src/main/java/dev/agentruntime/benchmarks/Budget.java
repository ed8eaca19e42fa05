package dev.agentruntime.benchmarks;

import java.time.Duration;

/** The time a run may take. */
record Budget(long endNanos) {

    static Budget of(Duration time) {
        return new Budget(System.nanoTime() + time.toNanos());
    }

    boolean spent() {
        return System.nanoTime() - endNanos >= 0;
    }

    Duration left() {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }
}
