package dev.agentruntime.spi;

import dev.agentruntime.api.Invocation;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/**
 * What a session has used while one invocation of it was under way. Invocations of one session at the same time each have what the session
 * used meanwhile.
 *
 * @param requestId         names the invocation: a UUID
 * @param began             when it reached the session, by the wall clock
 * @param took              until its answer had ended
 * @param outcome           how it went
 * @param cpuNanos          of the session's VM
 * @param vcpuNanos         of that, what virtual processors are known to have used
 * @param memoryByteSeconds held meanwhile
 */
public record InvocationUse(String requestId, Instant began, Duration took, Invocation.Outcome outcome, long cpuNanos, long vcpuNanos,
        BigDecimal memoryByteSeconds) {}
