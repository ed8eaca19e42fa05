package dev.agentruntime.examples.burner;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/**
 * Keeps one processor busy for a time. By the clock and not by the thread's own count: where the machine has one processor, as an
 * agent's VM has by default, whatever else ran meanwhile ran in this time, so the machine has used just so much.
 */
final class CpuFire {

    private static final int ROUNDS_BETWEEN_LOOKS = 200_000;
    private static volatile long sink;

    private CpuFire() {
    }

    /** Blocks for {@code time}. Returns the CPU time that this thread had of it, by the kernel's count. */
    static Duration burn(Duration time) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long usedBefore = threads.getCurrentThreadCpuTime();
        long startNanos = System.nanoTime();
        long x = startNanos;
        while (System.nanoTime() - startNanos < time.toNanos()) {
            for (int i = 0; i < ROUNDS_BETWEEN_LOOKS; i++) {
                x = x * 6364136223846793005L + 1442695040888963407L;
            }
            sink = x;
        }
        return Duration.ofNanos(threads.getCurrentThreadCpuTime() - usedBefore);
    }
}
