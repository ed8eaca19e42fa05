package dev.agentruntime.logs;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How fast guests are read that log without end: each at a pace that the host bears from one, and where they are many, slower, so
 * that it bears them all. Thread-safe.
 */
final class SharedPace {

    static final double BYTES_A_SECOND = 512 * 1024;
    static final double BYTES_A_SECOND_OF_ALL = 8 * 1024 * 1024;

    private final AtomicInteger held = new AtomicInteger();

    /** One more guest says more than it may. */
    void hold() {
        held.incrementAndGet();
    }

    /** A guest that did has no more to say now. */
    void release() {
        held.decrementAndGet();
    }

    /** For each of them. */
    double bytesASecond() {
        return Math.min(BYTES_A_SECOND, BYTES_A_SECOND_OF_ALL / Math.max(1, held.get()));
    }
}
