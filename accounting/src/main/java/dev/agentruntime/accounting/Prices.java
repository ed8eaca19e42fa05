package dev.agentruntime.accounting;

import dev.agentruntime.api.Cost;
import dev.agentruntime.api.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The price table.
 *
 * @param cpuHour      of an hour of one virtual CPU
 * @param memoryGbHour of 2^30 bytes held for an hour
 * @param currency     what both are counted in
 */
record Prices(BigDecimal cpuHour, BigDecimal memoryGbHour, String currency) {

    private static final int DECIMALS = 12;
    private static final BigDecimal NANOS_OF_AN_HOUR = BigDecimal.valueOf(3_600_000_000_000L);
    private static final BigDecimal BYTE_SECONDS_OF_A_GB_HOUR = BigDecimal.valueOf(3600L << 30);

    /** Each part is rounded once, to 12 decimals. */
    Cost of(Usage usage) {
        return of(usage.cpuNanos(), usage.memoryByteSeconds());
    }

    Cost of(long cpuNanos, BigDecimal memoryByteSeconds) {
        return new Cost(part(BigDecimal.valueOf(cpuNanos), cpuHour, NANOS_OF_AN_HOUR)
                .add(part(memoryByteSeconds, memoryGbHour, BYTE_SECONDS_OF_A_GB_HOUR)), currency);
    }

    private static BigDecimal part(BigDecimal used, BigDecimal price, BigDecimal unit) {
        return used.multiply(price).divide(unit, DECIMALS, RoundingMode.HALF_UP);
    }
}
