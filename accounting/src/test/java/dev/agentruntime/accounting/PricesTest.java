package dev.agentruntime.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.Cost;
import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.Usage;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class PricesTest {

    private static final long SECOND = 1_000_000_000;
    private static final BigDecimal GB = BigDecimal.valueOf(1L << 30);
    private static final Prices AGENTCORES = new Prices(new BigDecimal("0.0895"), new BigDecimal("0.00945"), "USD");

    private static Usage usage(long cpuNanos, BigDecimal memoryByteSeconds) {
        return new Usage(cpuNanos, memoryByteSeconds, 0, 1, MeterSource.CGROUP);
    }

    @Test
    void eighteenSecondsOfCpuInAMinuteAtTwoGigabytesCostWhatTheWorkedExampleSays() {
        Cost cost = AGENTCORES.of(usage(18 * SECOND, GB.multiply(BigDecimal.valueOf(2 * 60))));
        assertThat(cost.amount()).isEqualByComparingTo("0.0007625");
        assertThat(cost).hasToString("0.0007625 USD");
    }

    @Test
    void anHourOfCpuAndAGigabyteHourCostTheirPrices() {
        assertThat(AGENTCORES.of(usage(3600 * SECOND, BigDecimal.ZERO))).hasToString("0.0895 USD");
        assertThat(AGENTCORES.of(usage(0, GB.multiply(BigDecimal.valueOf(3600))))).hasToString("0.00945 USD");
    }

    @Test
    void nothingUsedCostsNothing() {
        assertThat(AGENTCORES.of(usage(0, BigDecimal.ZERO))).hasToString("0 USD");
    }

    @Test
    void aCostIsWholeUnitsWithoutAnExponent() {
        Prices dear = new Prices(new BigDecimal("100"), BigDecimal.ZERO, "EUR");
        assertThat(dear.of(usage(3_600_000 * SECOND, BigDecimal.ZERO))).hasToString("100000 EUR");
        assertThat(dear.of(usage(3_600_000 * SECOND, BigDecimal.ZERO)).shown().scale()).isZero();
    }

    @Test
    void theLeastThatIsTold() {
        assertThat(AGENTCORES.of(usage(1, BigDecimal.ZERO)).amount()).isEqualByComparingTo("0"); // 2.5e-14
        assertThat(AGENTCORES.of(usage(1_000_000, BigDecimal.ZERO))).hasToString("0.000000024861 USD");
    }

    @Test
    void whatIsLeftOfACostIsExact() {
        Cost all = AGENTCORES.of(usage(20 * SECOND, BigDecimal.ZERO));
        Cost before = AGENTCORES.of(usage(2 * SECOND, BigDecimal.ZERO));
        assertThat(all.minus(before).amount()).isEqualByComparingTo(new BigDecimal("0.0004475"));
    }

    @Test
    void theMostThatCanBeUsedStillHasACost() {
        assertThat(AGENTCORES.of(usage(Long.MAX_VALUE, new BigDecimal("9".repeat(29)))).amount()).isPositive();
    }
}
