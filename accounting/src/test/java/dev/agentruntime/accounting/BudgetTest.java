package dev.agentruntime.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.accounting.Budget.Standing;
import dev.agentruntime.api.BudgetNews.Level;
import dev.agentruntime.api.BudgetNews.Measure;
import dev.agentruntime.api.BudgetNews.Per;
import dev.agentruntime.api.Subject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetTest {

    private static final Optional<Prices> PRICES = Optional.of(new Prices(new BigDecimal("3600"), BigDecimal.ZERO, "EUR"));
    private static final Budget ALL = new Budget(Per.AGENT, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(Duration.ofSeconds(10)),
            Optional.of(Duration.ofMinutes(10)), Optional.of(100L << 20), Optional.of(BigDecimal.TEN));

    private static Spent spent(Duration cpu, Duration wall, long memory) {
        return new Spent(cpu.toNanos(), BigDecimal.ZERO, wall, memory);
    }

    @ParameterizedTest
    @CsvSource({"7999, ", "8000, WARNED", "9999, WARNED", "10000, REACHED", "99999, REACHED"})
    void aBudgetIsNearlyUsedUpAtFourFifthsAndReachedAtItsEnd(long cpuMillis, Level level) {
        Budget budget = new Budget(Per.SESSION, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(Duration.ofSeconds(10)),
                Optional.empty(), Optional.empty(), Optional.empty());
        assertThat(budget.standings(spent(Duration.ofMillis(cpuMillis), Duration.ZERO, 0), Optional.empty()).stream().map(Standing::level).findFirst())
                .isEqualTo(Optional.ofNullable(level));
    }

    @Test
    void everyMeasureIsCompared() {
        assertThat(ALL.standings(spent(Duration.ofSeconds(10), Duration.ofMinutes(9), 100L << 20), PRICES)).containsExactly(
                new Standing(Measure.CPU, Level.REACHED, "10s of CPU", "10s of CPU"),
                new Standing(Measure.WALL_TIME, Level.WARNED, "9m of time", "10m of time"),
                new Standing(Measure.MEMORY, Level.REACHED, "100m of memory", "100m of memory"),
                new Standing(Measure.COST, Level.REACHED, "10 EUR", "10 EUR"));
        assertThat(ALL.standings(Spent.NOTHING, PRICES)).isEmpty();
    }

    @Test
    void withoutPricesNoCostIsReached() {
        assertThat(ALL.standings(spent(Duration.ofSeconds(10), Duration.ZERO, 0), Optional.empty())).extracting(Standing::measure).containsExactly(Measure.CPU);
    }

    @Test
    void aBudgetOfNothingIsReachedAtOnce() {
        Budget nothing = new Budget(Per.SUBJECT, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.of(BigDecimal.ZERO));
        assertThat(nothing.standings(Spent.NOTHING, PRICES)).extracting(Standing::level).containsExactly(Level.REACHED);
    }

    @Test
    void aBudgetIsForThoseThatItNames() {
        Budget named = new Budget(Per.SESSION, Optional.of("hello"), Optional.of("alice"), Optional.of("https://idp"), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty());
        assertThat(named.isFor("hello")).isTrue();
        assertThat(named.isFor("other")).isFalse();
        assertThat(named.isFor(new Subject("https://idp", "alice"))).isTrue();
        assertThat(named.isFor(new Subject("https://other", "alice"))).isFalse();
        assertThat(named.isFor(new Subject("https://idp", "bob"))).isFalse();
        assertThat(ALL.isFor("other")).isTrue();
        assertThat(ALL.isFor(new Subject("https://other", "bob"))).isTrue();
    }
}
