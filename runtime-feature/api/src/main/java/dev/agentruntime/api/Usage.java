package dev.agentruntime.api;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What a session has used since its VM began to serve it; starting the VM is charged to the platform.
 *
 * @param cpuNanos          CPU of the whole VM, in nanoseconds
 * @param vcpuNanos         of that, what its virtual processors are known to have used; the rest is its emulator's
 * @param platformNanos     CPU that the VM used before it began to serve, which the platform is charged with
 * @param memoryByteSeconds memory held for it alone, integrated over time
 * @param peakMemoryBytes   the most memory seen in a reading
 * @param invocations       invocations begun
 * @param source            the instrument of the last reading
 */
public record Usage(
        long cpuNanos, long vcpuNanos, long platformNanos, BigDecimal memoryByteSeconds, long peakMemoryBytes, long invocations,
        MeterSource source) {

    private static final BigDecimal GIGABYTE = BigDecimal.valueOf(1L << 30);

    /** Of which is not known who used the CPU. */
    public Usage(long cpuNanos, BigDecimal memoryByteSeconds, long peakMemoryBytes, long invocations, MeterSource source) {
        this(cpuNanos, 0, 0, memoryByteSeconds, peakMemoryBytes, invocations, source);
    }

    /** CPU of what runs the virtual processors and is not them. */
    public long emulatorNanos() {
        return cpuNanos - vcpuNanos;
    }

    /** {@link #memoryByteSeconds()} in gigabytes of 2^30 bytes, as memory is configured, rounded to {@code decimals}. */
    public BigDecimal memoryGigabyteSeconds(int decimals) {
        return memoryByteSeconds.divide(GIGABYTE, decimals, RoundingMode.HALF_UP);
    }
}
