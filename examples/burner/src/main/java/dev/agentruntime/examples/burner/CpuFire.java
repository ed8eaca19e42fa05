package dev.agentruntime.examples.burner;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/**
 * Keeps one thread computing until it has used the CPU time asked for. Time in which another thread or program has the
 * processor does not count, as far as the kernel can see it.
 */
final class CpuFire {

    private static final int ROUNDS_BETWEEN_LOOKS = 200_000;
    private static volatile long sink;

    private CpuFire() {
    }

    /** Blocks meanwhile. Returns the CPU time used, by the kernel's count. */
    static Duration burn(Duration cpuTime) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long startNanos = threads.getCurrentThreadCpuTime();
        long endNanos = startNanos + cpuTime.toNanos();
        long nowNanos = startNanos;
        long x = startNanos;
        while (nowNanos < endNanos) {
            for (int i = 0; i < ROUNDS_BETWEEN_LOOKS; i++) {
                x = x * 6364136223846793005L + 1442695040888963407L;
            }
            sink = x;
            nowNanos = threads.getCurrentThreadCpuTime();
        }
        return Duration.ofNanos(nowNanos - startNanos);
    }
}
