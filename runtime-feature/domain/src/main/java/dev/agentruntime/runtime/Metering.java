package dev.agentruntime.runtime;

import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.Usage;
import dev.agentruntime.spi.MeterReading;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/**
 * What a session has used, from one reading to the next. Memory is integrated in steps: what a reading shows is taken as
 * held until the next one, so a last reading without memory, taken after death, takes nothing away. Nothing ever falls.
 */
record Metering(
        long baselineCpuNanos, Instant readAt, long memoryBytes, long cpuNanos, BigDecimal memoryByteSeconds,
        long peakMemoryBytes, MeterSource source) {

    /** Starts at {@code baseline}, the reading taken when the VM began to serve; its CPU is the platform's. */
    static Metering from(MeterReading baseline, Instant at) {
        return new Metering(baseline.cpuNanos(), at, baseline.memoryBytes(), 0, BigDecimal.ZERO,
                baseline.memoryBytes(), baseline.source());
    }

    Metering next(MeterReading reading, Instant at) {
        Instant now = at.isBefore(readAt) ? readAt : at;
        return new Metering(
                baselineCpuNanos, now, reading.memoryBytes(),
                Math.max(cpuNanos, reading.cpuNanos() - baselineCpuNanos),
                memoryByteSeconds.add(byteSeconds(memoryBytes, Duration.between(readAt, now))),
                Math.max(peakMemoryBytes, reading.memoryBytes()), reading.source());
    }

    Usage usage(long invocations) {
        return new Usage(cpuNanos, memoryByteSeconds, peakMemoryBytes, invocations, source);
    }

    private static BigDecimal byteSeconds(long bytes, Duration held) {
        return BigDecimal.valueOf(bytes).multiply(BigDecimal.valueOf(held.toNanos())).movePointLeft(9);
    }
}
