package dev.agentruntime.benchmarks;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;

/**
 * What the server tells of a session.
 *
 * @param startMode whatever the server calls it
 * @param startTime from the request to a VM ready to serve
 * @param vm        its name at the hypervisor
 * @param cpuNanos  used so far
 * @param peakBytes the most memory seen
 */
record SessionFacts(String startMode, Duration startTime, String vm, long cpuNanos, long peakBytes) {

    static SessionFacts of(Map<String, Object> json) {
        if (!(json.get("usage") instanceof Map<?, ?> usage)) {
            throw new BenchmarkException("A session without usage: " + json);
        }
        return new SessionFacts(String.valueOf(json.get("startMode")), Duration.ofMillis(number(json.get("startMillis")).longValue()),
                String.valueOf(json.get("vm")), number(usage.get("cpuSeconds")).movePointRight(9).longValue(),
                number(usage.get("peakMemoryBytes")).longValue());
    }

    private static BigDecimal number(Object value) {
        if (value instanceof Double number) {
            return BigDecimal.valueOf(number);
        }
        throw new BenchmarkException("A session lacks a number: " + value);
    }
}
