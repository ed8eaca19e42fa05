package dev.agentruntime.accounting;

import dev.agentruntime.api.BudgetNews.Per;
import dev.agentruntime.api.Durations;
import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import dev.agentruntime.config.Metatype;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the configuration says of accounting.
 *
 * @param prices          empty where nothing has a price
 * @param invocationsKept how long what each invocation used is kept; zero where it is not even counted
 * @param budgets         in their order
 * @param unusable        those that cannot be held as they are written
 */
record AccountingSettings(Optional<Prices> prices, Duration invocationsKept, List<Budget> budgets, List<UnusableBudget> unusable) {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final long MEBIBYTE = 1L << 20;
    private static final long TEBIBYTE = 1L << 40;

    private static final Metatype METATYPE = Metatype.of(AccountingSettings.class);
    private static final List<String> ITS_OWN = METATYPE.names("agentRuntimeAccounting");
    private static final List<String> OF_A_BUDGET = METATYPE.names("agentRuntimeAccounting.budget");

    private static final Pattern CURRENCY = Pattern.compile("[A-Za-z0-9]{1,12}");
    private static final String USUAL_CURRENCY = "USD";

    /** Reads {@code <agentRuntimeAccounting>}. What is wrong with a budget is no problem of the element's: it is with the unusable ones. */
    static AccountingSettings read(Attributes own) {
        own.nothingBut(ITS_OWN);
        Optional<Prices> prices = prices(own);
        boolean pricesAreWhole = own.problems().isEmpty();
        Duration invocationsKept = own.duration("invocationsKept", Duration.ZERO, Duration.ZERO);
        List<Budget> budgets = new ArrayList<>();
        List<UnusableBudget> unusable = new ArrayList<>();
        own.elementsBut(ITS_OWN).forEach(name -> unusable.add(UnusableBudget.ofAll(
                "The element <" + name + "> of <agentRuntimeAccounting> is none that it has, and may be a <budget> that bounds nothing.")));
        for (Attributes element : own.nested("budget")) {
            Attributes strict = element.strictly();
            Optional<Per> per = per(strict);
            strict.nothingBut(OF_A_BUDGET);
            Budget budget = budget(strict, per.orElse(Per.SESSION));
            Optional<String> problem = strict.problems().isEmpty() ? problem(budget, prices, pricesAreWhole)
                    : Optional.of(String.join(" ", strict.problems()));
            problem.ifPresentOrElse(why -> unusable.add(UnusableBudget.of(per, budget, why)), () -> budgets.add(budget));
        }
        return new AccountingSettings(prices, invocationsKept, List.copyOf(budgets), List.copyOf(unusable));
    }

    private static Optional<Per> per(Attributes element) {
        String word = element.oneOf("per", "session", List.of("session", "agent", "subject"));
        return element.problems().isEmpty() ? Optional.of(Per.valueOf(word.toUpperCase(Locale.ROOT))) : Optional.empty();
    }

    private static Budget budget(Attributes element, Per per) {
        return new Budget(per, optional(element, "agent"), optional(element, "subject"), optional(element, "issuer"),
                element.duration("cpu", SECOND), element.duration("wallTime", SECOND), memory(element), element.decimal("cost"));
    }

    /** What is in force after {@code before}: where a budget cannot be used, those of before and their prices hold on, so that nobody goes without. */
    AccountingSettings after(AccountingSettings before) {
        if (unusable.isEmpty()) {
            return this;
        }
        return new AccountingSettings(before.prices().or(this::prices), invocationsKept, Stream.concat(budgets.stream(), before.budgets().stream()).distinct().toList(), unusable);
    }

    private static Optional<String> problem(Budget budget, Optional<Prices> prices, boolean pricesAreWhole) {
        if (budget.cpu().isEmpty() && budget.wall().isEmpty() && budget.memoryBytes().isEmpty() && budget.cost().isEmpty()) {
            return Optional.of("It bounds nothing. Give it cpu, wallTime, memory or cost.");
        }
        if (budget.cost().isPresent() && !pricesAreWhole) {
            return Optional.of("It bounds cost, and prices of <agentRuntimeAccounting> cannot be used. Correct cpuHour, memoryGbHour or currency.");
        }
        if (budget.cost().isPresent() && prices.isEmpty()) {
            return Optional.of("It bounds cost, and nothing has a price. Set cpuHour or memoryGbHour.");
        }
        if (budget.per() == Per.SESSION && budget.wall().isPresent()) {
            return Optional.of("A session's wallTime is bounded by the attribute maxLifetime of <agentRuntime> or <agent>.");
        }
        if (budget.per() == Per.AGENT && (budget.subject().isPresent() || budget.issuer().isPresent())) {
            return Optional.of("One with per=\"agent\" is for all callers of the agent and takes neither subject nor issuer.");
        }
        if (budget.per() == Per.SUBJECT && budget.agent().isPresent()) {
            return Optional.of("One with per=\"subject\" is for all sessions of the caller and takes no agent.");
        }
        return Optional.empty();
    }

    private static Optional<String> optional(Attributes element, String attribute) {
        return Optional.of(element.text(attribute, "")).filter(text -> !text.isEmpty());
    }

    private static Optional<Long> memory(Attributes element) {
        return element.text("memory", "").isEmpty() ? Optional.empty() : Optional.of(element.bytes("memory", TEBIBYTE, MEBIBYTE, TEBIBYTE));
    }

    private static Optional<Prices> prices(Attributes own) {
        Optional<BigDecimal> cpu = own.decimal("cpuHour");
        Optional<BigDecimal> memory = own.decimal("memoryGbHour");
        String currency = currency(own);
        return cpu.isEmpty() && memory.isEmpty() ? Optional.empty()
                : Optional.of(new Prices(cpu.orElse(BigDecimal.ZERO), memory.orElse(BigDecimal.ZERO), currency));
    }

    private static String currency(Attributes own) {
        String currency = own.text("currency", USUAL_CURRENCY);
        if (CURRENCY.matcher(currency).matches()) {
            return currency;
        }
        own.problem("The attribute currency of <agentRuntimeAccounting> is '" + currency + "'. It must be 1 to 12 letters and digits,"
                + " such as EUR. The default of " + USUAL_CURRENCY + " is used.");
        return USUAL_CURRENCY;
    }

    /** In one line. */
    String text() {
        Effective effective = new Effective();
        prices.ifPresentOrElse(table -> effective.add("cpuHour", table.cpuHour().toPlainString())
                .add("memoryGbHour", table.memoryGbHour().toPlainString()).add("currency", table.currency()),
                () -> effective.add("prices", "none"));
        if (!invocationsKept.isZero()) {
            effective.add("invocationsKept", Durations.text(invocationsKept));
        }
        unusable.forEach(one -> effective.add("budget", "unusable"));
        return Stream.concat(Stream.of(effective.text()), budgets.stream().map(Budget::text)).collect(Collectors.joining(", "));
    }
}
