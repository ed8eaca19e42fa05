package dev.agentruntime.accounting;

import dev.agentruntime.api.Invocation.Outcome;
import dev.agentruntime.api.Subject;
import dev.agentruntime.spi.InvocationUse;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** Invocations for tests. */
final class Invocations {

    static final Instant NOON = Instant.parse("2026-03-31T12:00:00.123456Z");

    private Invocations() {}

    static InvocationRow of(String session, Subject owner, Instant began, long cpuNanos) {
        return new InvocationRow("hello", session, owner, new InvocationUse(UUID.randomUUID().toString(), began, Duration.ofMillis(250), Outcome.SUCCESS,
                cpuNanos, cpuNanos / 2, BigDecimal.valueOf(3L << 30)));
    }

    static InvocationRow of(int number) {
        return of("s-1", TestRequest.ALICE, NOON.plusMillis(number), number);
    }
}
