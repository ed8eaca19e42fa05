package dev.agentruntime.libvirt;

import dev.agentruntime.spi.VmException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what sends no event to an unprivileged stranger: another's process, a control group, a QMP job. */
final class Await {

    private static final long FIRST_PAUSE_NANOS = 500_000;
    private static final long LONGEST_PAUSE_NANOS = 20_000_000;

    private Await() {}

    /** Whether {@code condition} came true within {@code limit}; the pauses between two looks grow to 20 ms. */
    static boolean until(Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        long pause = FIRST_PAUSE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            pause(Duration.ofNanos(pause));
            pause = Math.min(pause * 2, LONGEST_PAUSE_NANOS);
        }
        return true;
    }

    /** @throws VmException this thread was interrupted */
    static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
        if (Thread.interrupted()) {
            Thread.currentThread().interrupt();
            throw new VmException("Interrupted while waiting for a VM");
        }
    }
}
