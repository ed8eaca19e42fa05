package dev.agentruntime.sessions;

import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.Usage;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.store.Kept;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/**
 * What a session has used, from one reading to the next. Memory is integrated in steps: what a reading shows is taken as
 * held until the next one. A reading that does not know the memory, such as one after the VM's death, lets what was known
 * before hold on. Nothing ever falls.
 *
 * @param platformCpuNanos what VMs had used before they served it
 * @param readAt when the last reading was taken, by the steady clock
 */
record Metering(
        long baselineCpuNanos, long baselineVcpuNanos, long platformCpuNanos, Instant readAt, long memoryBytes, long cpuNanos, long vcpuNanos,
        BigDecimal memoryByteSeconds, long peakMemoryBytes, MeterSource source) {

    /** What a reading added. */
    record Used(long cpuNanos, BigDecimal memoryByteSeconds) {

        static final Used NOTHING = new Used(0, BigDecimal.ZERO);
    }

    /** Starts at {@code baseline}, the reading taken when the VM began to serve; its CPU is the platform's. */
    static Metering from(MeterReading baseline, Instant at) {
        return new Metering(baseline.cpuNanos(), baseline.vcpuNanos(), baseline.cpuNanos(), at, baseline.memoryBytes(), 0, 0, BigDecimal.ZERO,
                baseline.memoryBytes(), baseline.source());
    }

    /** Goes on from what an earlier run of the server has written. */
    static Metering goOn(long baselineCpuNanos, Usage usage, Kept kept, Times times) {
        return new Metering(baselineCpuNanos, kept.baselineVcpuNanos(), usage.platformNanos(), times.ofTheWall(kept.meteredAt()), kept.memoryBytes(),
                usage.cpuNanos(), usage.vcpuNanos(), usage.memoryByteSeconds(), usage.peakMemoryBytes(), usage.source());
    }

    Metering next(MeterReading reading, Instant at) {
        Instant now = at.isBefore(readAt) ? readAt : at;
        long cpu = Math.max(cpuNanos, reading.cpuNanos() - baselineCpuNanos);
        return new Metering(
                baselineCpuNanos, baselineVcpuNanos, platformCpuNanos, now, isKnown(reading) ? reading.memoryBytes() : memoryBytes, cpu,
                Math.max(vcpuNanos, Math.min(cpu, reading.vcpuNanos() - baselineVcpuNanos)),
                memoryByteSeconds.add(byteSeconds(memoryBytes, Duration.between(readAt, now))),
                Math.max(peakMemoryBytes, reading.memoryBytes()), reading.source());
    }

    /** From now on no VM holds memory for it. */
    Metering withoutMemory() {
        return new Metering(baselineCpuNanos, baselineVcpuNanos, platformCpuNanos, readAt, 0, cpuNanos, vcpuNanos, memoryByteSeconds,
                peakMemoryBytes, source);
    }

    /** Has used nothing since and holds nothing, being on the disk. */
    Metering resting(Instant at) {
        return new Metering(baselineCpuNanos, baselineVcpuNanos, platformCpuNanos, at.isBefore(readAt) ? readAt : at, 0, cpuNanos, vcpuNanos,
                memoryByteSeconds, peakMemoryBytes, source);
    }

    /** Goes on in another VM, whose meter shows {@code baseline} when it begins to serve: its CPU until then is the platform's. */
    Metering goingOn(MeterReading baseline, Instant at) {
        return new Metering(baseline.cpuNanos() - cpuNanos, baseline.vcpuNanos() - vcpuNanos, platformCpuNanos + baseline.cpuNanos(),
                at.isBefore(readAt) ? readAt : at, baseline.memoryBytes(), cpuNanos, vcpuNanos, memoryByteSeconds, Math.max(peakMemoryBytes, baseline.memoryBytes()), baseline.source());
    }

    Used since(Metering earlier) {
        return new Used(cpuNanos - earlier.cpuNanos, memoryByteSeconds.subtract(earlier.memoryByteSeconds));
    }

    Usage usage(long invocations) {
        return new Usage(cpuNanos, vcpuNanos, platformCpuNanos, memoryByteSeconds, peakMemoryBytes, invocations, source);
    }

    /** A VM that lives holds some memory; none means that nobody could tell. */
    private static boolean isKnown(MeterReading reading) {
        return reading.memoryBytes() > 0;
    }

    private static BigDecimal byteSeconds(long bytes, Duration held) {
        return BigDecimal.valueOf(bytes).multiply(BigDecimal.valueOf(held.toNanos())).movePointLeft(9);
    }
}
