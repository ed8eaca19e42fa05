package dev.agentruntime.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.BudgetNews.Per;
import dev.agentruntime.config.Attributes;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountingSettingsTest {

    private static Attributes attributes(Map<String, Object> given) {
        return Attributes.of("agentRuntimeAccounting", given);
    }

    @Test
    void withoutPricesNothingCostsAnything() {
        AccountingSettings settings = AccountingSettings.read(attributes(Map.of("currency", "USD")));
        assertThat(settings.prices()).isEmpty();
        assertThat(settings.text()).isEqualTo("prices=none");
    }

    @Test
    void pricesAreReadAsTheyAreWritten() {
        AccountingSettings settings = AccountingSettings.read(attributes(Map.of("cpuHour", "0.0895", "memoryGbHour", "0.00945", "currency", "EUR")));
        assertThat(settings.prices()).contains(new Prices(new BigDecimal("0.0895"), new BigDecimal("0.00945"), "EUR"));
        assertThat(settings.text()).isEqualTo("cpuHour=0.0895, memoryGbHour=0.00945, currency=EUR");
    }

    @Test
    void whatHasNoPriceIsFreeWhereTheOtherHasOne() {
        assertThat(AccountingSettings.read(attributes(Map.of("cpuHour", "1"))).prices())
                .contains(new Prices(BigDecimal.ONE, BigDecimal.ZERO, "USD"));
        assertThat(AccountingSettings.read(attributes(Map.of("memoryGbHour", "1"))).prices())
                .contains(new Prices(BigDecimal.ZERO, BigDecimal.ONE, "USD"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"US$", "a currency", "ABCDEFGHIJKLM", "€\r\nSet-Cookie: x"})
    void aCurrencyThatCannotStandInAHeaderIsToldAndReplaced(String given) {
        Attributes own = attributes(Map.of("cpuHour", "1", "currency", given));
        assertThat(AccountingSettings.read(own).prices().orElseThrow().currency()).isEqualTo("USD");
        assertThat(own.problems()).singleElement().asString().contains("currency", "1 to 12 letters");
    }

    @Test
    void budgetsAreReadInTheirOrder() {
        Attributes own = attributes(Map.of("cpuHour", "1", "budget.0.per", "session", "budget.0.agent", "hello", "budget.0.cpu", "10s", "budget.0.memory", "2g",
                "budget.1.per", "subject", "budget.1.subject", "alice", "budget.1.issuer", "https://idp", "budget.1.cost", "1.50",
                "budget.1.wallTime", "100h"));
        AccountingSettings settings = AccountingSettings.read(own);
        assertThat(own.problems()).isEmpty();
        assertThat(settings.budgets()).containsExactly(
                new Budget(Per.SESSION, Optional.of("hello"), Optional.empty(), Optional.empty(), Optional.of(Duration.ofSeconds(10)), Optional.empty(),
                        Optional.of(2L << 30), Optional.empty()),
                new Budget(Per.SUBJECT, Optional.empty(), Optional.of("alice"), Optional.of("https://idp"), Optional.empty(),
                        Optional.of(Duration.ofHours(100)), Optional.empty(), Optional.of(new BigDecimal("1.50"))));
        assertThat(settings.text()).endsWith("budget[per=session agent=hello cpu=10s memory=2048m],"
                + " budget[per=subject subject=alice issuer=https://idp wallTime=100h cost=1.50]");
    }

    static Stream<Map<String, Object>> budgetsThatCannotBeHeld() {
        return Stream.of(Map.of("budget.0.per", "agent"),
                Map.of("budget.0.per", "subject", "budget.0.cost", "5"),
                Map.of("budget.0.per", "session", "budget.0.wallTime", "1h"),
                Map.of("budget.0.per", "agent", "budget.0.cpu", "1h", "budget.0.subject", "alice"),
                Map.of("budget.0.per", "subject", "budget.0.cpu", "1h", "budget.0.agent", "hello"));
    }

    @ParameterizedTest
    @MethodSource("budgetsThatCannotBeHeld")
    void aBudgetThatCannotBeHeldIsToldAndLeftOut(Map<String, Object> given) {
        Attributes own = attributes(given);
        assertThat(AccountingSettings.read(own).budgets()).isEmpty();
        assertThat(own.problems()).singleElement().asString().startsWith("A <budget> of <agentRuntimeAccounting> is left out: ");
    }

    @Test
    void aPriceThatCannotBeUsedIsTold() {
        Attributes own = attributes(Map.of("cpuHour", "-1", "memoryGbHour", "much"));
        assertThat(AccountingSettings.read(own).prices()).isEmpty();
        assertThat(own.problems()).hasSize(2);
    }
}
