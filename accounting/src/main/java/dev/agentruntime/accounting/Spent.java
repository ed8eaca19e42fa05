package dev.agentruntime.accounting;

import dev.agentruntime.spi.SessionUse;
import java.math.BigDecimal;
import java.time.Duration;

/**
 * What a budget is compared with.
 *
 * @param cpuNanos          of VMs
 * @param memoryByteSeconds held over time
 * @param wall              how long sessions were there, together
 * @param memoryBytes       held at this moment
 */
record Spent(long cpuNanos, BigDecimal memoryByteSeconds, Duration wall, long memoryBytes) {

    static final Spent NOTHING = new Spent(0, BigDecimal.ZERO, Duration.ZERO, 0);

    static Spent of(SessionUse use) {
        return new Spent(use.used().cpuNanos(), use.used().memoryByteSeconds(), use.age(), use.memoryBytes());
    }

    Spent plus(Spent other) {
        return new Spent(cpuNanos + other.cpuNanos, memoryByteSeconds.add(other.memoryByteSeconds), wall.plus(other.wall),
                memoryBytes + other.memoryBytes);
    }

    /** What came since {@code before}; what is held at this moment stays as it is. */
    Spent since(Spent before) {
        return new Spent(Math.max(0, cpuNanos - before.cpuNanos), memoryByteSeconds.subtract(before.memoryByteSeconds).max(BigDecimal.ZERO),
                wall.compareTo(before.wall) > 0 ? wall.minus(before.wall) : Duration.ZERO, memoryBytes);
    }

    /** With nothing held at this moment. */
    Spent overTime() {
        return new Spent(cpuNanos, memoryByteSeconds, wall, 0);
    }

    /** With no less time than that. */
    Spent atLeast(Duration time) {
        return wall.compareTo(time) < 0 ? new Spent(cpuNanos, memoryByteSeconds, time, memoryBytes) : this;
    }

    /** With so much held at this moment. */
    Spent holding(long bytes) {
        return new Spent(cpuNanos, memoryByteSeconds, wall, bytes);
    }
}
