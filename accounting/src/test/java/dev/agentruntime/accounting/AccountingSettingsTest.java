package dev.agentruntime.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.agentruntime.api.BudgetNews.Per;
import dev.agentruntime.api.Subject;
import dev.agentruntime.config.Attributes;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
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
    void usageByInvocationIsKeptForAsLongAsIsSaidAndNotAtAllWhereNothingIs() {
        assertThat(AccountingSettings.read(attributes(Map.of())).invocationsKept()).isZero();
        AccountingSettings settings = AccountingSettings.read(attributes(Map.of("invocationsKept", "30d")));
        assertThat(settings.invocationsKept()).isEqualTo(Duration.ofDays(30));
        assertThat(settings.text()).isEqualTo("prices=none, invocationsKept=720h");
        Attributes wrong = attributes(Map.of("cpuHour", "1", "invocationsKept", "a month", "budget.0.cost", "5"));
        AccountingSettings taken = AccountingSettings.read(wrong);
        assertThat(taken.invocationsKept()).isZero();
        assertThat(wrong.problems()).singleElement().asString().contains("invocationsKept", "'a month'");
        assertThat(taken.budgets()).as("a budget of cost does not hang on it").hasSize(1);
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

    static Stream<Arguments> budgetsThatCannotBeHeld() {
        return Stream.of(
                arguments(Map.of("budget.0.per", "agent"), "It bounds nothing. Give it cpu, wallTime, memory or cost."),
                arguments(Map.of("budget.0.per", "subject", "budget.0.cost", "5"), "Set cpuHour or memoryGbHour."),
                arguments(Map.of("cpuHour", "dear", "memoryGbHour", "1", "budget.0.cost", "5"), "cpuHour, memoryGbHour or currency"),
                arguments(Map.of("budget.0.per", "session", "budget.0.wallTime", "1h"), "maxLifetime"),
                arguments(Map.of("budget.0.per", "agent", "budget.0.cpu", "1h", "budget.0.subject", "alice"), "neither subject nor issuer"),
                arguments(Map.of("budget.0.per", "subject", "budget.0.cpu", "1h", "budget.0.agent", "hello"), "takes no agent"),
                arguments(Map.of("budget.0.cpu", "3 s", "budget.0.memory", "2g"), "The attribute cpu of <budget> is '3 s'. It must be a duration such as"),
                arguments(Map.of("budget.0.cpu", "3s", "budget.0.memory", "2gg"), "The attribute memory of <budget> is '2gg'. It must be a size such as"),
                arguments(Map.of("cpuHour", "1", "budget.0.cost", "1,50"), "The attribute cost of <budget> is '1,50'. It must be a number such as"),
                arguments(Map.of("budget.0.cpuTime", "3s"), "<budget> has no cpuTime. It has per, agent, subject, issuer, cpu, wallTime, memory and cost"),
                arguments(Map.of("budget.0.cpu", "3s", "budget.0.agnet", "hello"), "<budget> has no agnet."),
                arguments(Map.of("cpuHour", "1", "memoryGBHour", "1", "budget.0.cost", "5"), "cpuHour, memoryGbHour or currency"),
                arguments(Map.of("budget.0.id", "alone"), "It bounds nothing."),
                arguments(Map.of("budget.0.per", "agnet", "budget.0.cpu", "3s"), "The attribute per of <budget> is 'agnet'. It must be one of session, agent, subject."));
    }

    @ParameterizedTest
    @MethodSource("budgetsThatCannotBeHeld")
    void aBudgetThatCannotBeHeldAsItIsWrittenIsNotHeldInPartButSaysWhatToCorrect(Map<String, Object> given, String why) {
        AccountingSettings settings = AccountingSettings.read(attributes(given));
        assertThat(settings.budgets()).isEmpty();
        assertThat(settings.unusable()).singleElement().satisfies(one -> assertThat(one.why()).contains(why).doesNotContain("not set", "default"));
        assertThat(settings.text()).contains("budget=unusable");
    }

    @Test
    void whoMayHaveBeenMeantByABudgetThatCannotBeHeldIsTakenWidely() {
        Subject alice = new Subject("https://idp", "alice");
        Subject bob = new Subject("https://idp", "bob");
        UnusableBudget ofAgent = unusable(Map.of("budget.0.per", "agent", "budget.0.agent", "hello", "budget.0.subject", "alice", "budget.0.cpu", "1h"));
        assertThat(ofAgent.isFor("hello", Optional.of(bob))).isTrue();
        assertThat(ofAgent.isFor("hello", Optional.empty())).isTrue();
        assertThat(ofAgent.isFor("other", Optional.of(alice))).isFalse();
        UnusableBudget ofSubject = unusable(Map.of("budget.0.per", "subject", "budget.0.agent", "hello", "budget.0.subject", "alice", "budget.0.cpu", "1h"));
        assertThat(ofSubject.isFor("other", Optional.of(alice))).isTrue();
        assertThat(ofSubject.isFor("hello", Optional.of(bob))).isFalse();
        UnusableBudget ofSession = unusable(Map.of("budget.0.agent", "hello", "budget.0.issuer", "https://other", "budget.0.cpu", "long"));
        assertThat(ofSession.isFor("hello", Optional.of(alice))).isFalse();
        assertThat(ofSession.isFor("hello", Optional.of(new Subject("https://other", "alice")))).isTrue();
    }

    @Test
    void aNameThatIsMistypedIsNeverTakenForALimitThatIsNotThere() {
        Attributes own = attributes(Map.of("cpuHour", "1", "memoryGbhour", "2", "bugdet", new String[] {"bugdet-0"}));
        AccountingSettings read = AccountingSettings.read(own);
        assertThat(own.problems()).containsExactly(
                "<agentRuntimeAccounting> has no bugdet. Did you mean budget? Correct the name or take it out.",
                "<agentRuntimeAccounting> has no memoryGbhour. Did you mean memoryGbHour? Correct the name or take it out.");
        assertThat(read.unusable()).singleElement().satisfies(lost -> {
            assertThat(lost.isFor("hello", Optional.empty())).as("whom it is for cannot be read").isTrue();
            assertThat(lost.why()).startsWith("The element <bugdet> of <agentRuntimeAccounting> is none that it has");
        });
        UnusableBudget mistyped = unusable(Map.of("budget.0.per", "subject", "budget.0.subject", "alice", "budget.0.cpus", "1h"));
        assertThat(mistyped.isFor("hello", Optional.of(new Subject("https://idp", "alice")))).isTrue();
        assertThat(mistyped.isFor("hello", Optional.of(new Subject("https://idp", "bob")))).isFalse();
    }

    private static UnusableBudget unusable(Map<String, Object> given) {
        return AccountingSettings.read(attributes(given)).unusable().get(0);
    }

    @Test
    void whereAChangedBudgetCannotBeUsedThoseOfBeforeAndTheirPricesHoldUntilItIsCorrected() {
        AccountingSettings before = AccountingSettings.read(attributes(Map.of("cpuHour", "2", "budget.0.cost", "5")));
        AccountingSettings mistyped = AccountingSettings.read(attributes(Map.of("cpuHour", "2", "budget.0.cost", "5x", "budget.1.cpu", "1h"))).after(before);
        assertThat(mistyped.budgets()).hasSize(2).contains(before.budgets().get(0));
        assertThat(mistyped.unusable()).hasSize(1);
        assertThat(AccountingSettings.read(attributes(Map.of("cpuHour", "none", "budget.0.cost", "5"))).after(before).prices()).isEqualTo(before.prices());
        AccountingSettings corrected = AccountingSettings.read(attributes(Map.of("budget.0.cpu", "1h"))).after(mistyped);
        assertThat(corrected.budgets()).hasSize(1);
        assertThat(corrected.prices()).isEmpty();
    }

    @Test
    void aPriceThatCannotBeUsedIsTold() {
        Attributes own = attributes(Map.of("cpuHour", "-1", "memoryGbHour", "much"));
        assertThat(AccountingSettings.read(own).prices()).isEmpty();
        assertThat(own.problems()).hasSize(2);
    }
}
