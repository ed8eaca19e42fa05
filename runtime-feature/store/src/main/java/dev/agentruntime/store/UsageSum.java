package dev.agentruntime.store;

import dev.agentruntime.api.Subject;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;

/**
 * What some sessions have used.
 *
 * @param sessionId         where it is told apart by session
 * @param runtime           where it is told apart by session or agent
 * @param subject           where it is told apart by session or subject
 * @param day               where it is told apart by day, in UTC
 * @param sessions          how many there were
 * @param cpuNanos          of their VMs since they served
 * @param vcpuNanos         of that, what virtual processors are known to have used
 * @param platformNanos     of their VMs before they served
 * @param memoryByteSeconds held over time
 * @param peakMemoryBytes   the most that one of them held, on whichever day
 * @param invocations       begun
 * @param wall              how long they were there, together
 */
public record UsageSum(
        Optional<String> sessionId, Optional<String> runtime, Optional<Subject> subject, Optional<LocalDate> day, long sessions,
        long cpuNanos, long vcpuNanos, long platformNanos, BigDecimal memoryByteSeconds, long peakMemoryBytes, long invocations,
        Duration wall) {}
