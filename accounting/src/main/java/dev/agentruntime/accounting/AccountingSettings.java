package dev.agentruntime.accounting;

import dev.agentruntime.api.BudgetNews.Per;
import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the configuration says of accounting.
 *
 * @param prices  empty where nothing has a price
 * @param budgets in their order
 */
record AccountingSettings(Optional<Prices> prices, List<Budget> budgets) {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final long MEBIBYTE = 1L << 20;
    private static final long TEBIBYTE = 1L << 40;

    private static final Pattern CURRENCY = Pattern.compile("[A-Za-z0-9]{1,12}");
    private static final String USUAL_CURRENCY = "USD";

    /** Reads {@code <agentRuntimeAccounting>}. */
    static AccountingSettings read(Attributes own) {
        Optional<Prices> prices = prices(own);
        return new AccountingSettings(prices, own.nested("budget").stream().flatMap(element -> budget(element, prices).stream()).toList());
    }

    /** Empty, with a problem, where it says nothing that can be held. */
    private static Optional<Budget> budget(Attributes element, Optional<Prices> prices) {
        Per per = Per.valueOf(element.oneOf("per", "session", List.of("session", "agent", "subject")).toUpperCase(Locale.ROOT));
        Budget budget = new Budget(per, optional(element, "agent"), optional(element, "subject"), optional(element, "issuer"),
                element.duration("cpu", SECOND), element.duration("wallTime", SECOND), memory(element), element.decimal("cost"));
        Optional<String> problem = problem(budget, prices);
        problem.ifPresent(why -> element.problem("A <budget> of <agentRuntimeAccounting> is left out: " + why));
        return problem.isPresent() ? Optional.empty() : Optional.of(budget);
    }

    private static Optional<String> problem(Budget budget, Optional<Prices> prices) {
        if (budget.cpu().isEmpty() && budget.wall().isEmpty() && budget.memoryBytes().isEmpty() && budget.cost().isEmpty()) {
            return Optional.of("it bounds nothing. Give it cpu, wallTime, memory or cost.");
        }
        if (budget.cost().isPresent() && prices.isEmpty()) {
            return Optional.of("it bounds cost, and nothing has a price. Set cpuHour or memoryGbHour.");
        }
        if (budget.per() == Per.SESSION && budget.wall().isPresent()) {
            return Optional.of("a session's wallTime is bounded by the attribute maxLifetime of <agentRuntime> or <agent>.");
        }
        if (budget.per() == Per.AGENT && (budget.subject().isPresent() || budget.issuer().isPresent())) {
            return Optional.of("one with per=\"agent\" is for all callers of the agent and takes neither subject nor issuer.");
        }
        if (budget.per() == Per.SUBJECT && budget.agent().isPresent()) {
            return Optional.of("one with per=\"subject\" is for all sessions of the caller and takes no agent.");
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
        return Stream.concat(Stream.of(effective.text()), budgets.stream().map(Budget::text)).collect(Collectors.joining(", "));
    }
}
