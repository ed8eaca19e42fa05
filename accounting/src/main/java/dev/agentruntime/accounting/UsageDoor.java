package dev.agentruntime.accounting;

import dev.agentruntime.accounting.Asked.Form;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.RoomOperations;
import dev.agentruntime.store.LedgerException;
import dev.agentruntime.store.UsageQuery;
import dev.agentruntime.store.UsageReports;
import dev.agentruntime.store.UsageSum;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;

/** Tells what was used, as JSON or CSV. */
final class UsageDoor implements RoomOperations {

    /** So many read at once; others' work needs the database too. */
    private static final int MOST_READERS = 2;
    /** A table has no place for it. */
    private static final String NEXT = "X-Agent-Runtime-Next-Token";

    private final Function<UsageQuery, List<UsageSum>> reports;
    private final Function<InvocationPage, List<InvocationRow>> invocations;
    private final Supplier<Optional<Prices>> prices;
    private final Clock clock;
    private final Semaphore readers = new Semaphore(MOST_READERS);

    /**
     * @param reports     reads the ledger; blocks
     * @param invocations reads what is kept by invocation; blocks
     * @param prices      as they are now
     */
    UsageDoor(Function<UsageQuery, List<UsageSum>> reports, Function<InvocationPage, List<InvocationRow>> invocations, Supplier<Optional<Prices>> prices,
            Clock clock) {
        this.reports = reports;
        this.invocations = invocations;
        this.prices = prices;
        this.clock = clock;
    }

    @Override
    public List<Row> operations() {
        return List.of(new Row("GetUsage", "GET", "/usage", Who.INVOKER, this::usage),
                new Row("ListInvocationUsage", "GET", "/usage/invocations", Who.INVOKER, this::invocations));
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    private Answer usage(Request request) {
        Asked asked = Asked.of(request, today());
        List<UsageSum> sums = read(reports, asked.query());
        if (sums.size() > UsageReports.MOST_ROWS) {
            throw new RequestException(Kind.VALIDATION, "There are more than " + UsageReports.MOST_ROWS
                    + " rows of this usage; ask for fewer days, for one agent or subject, or leave something of by out");
        }
        UsageTable table = new UsageTable(asked.query().from(), asked.query().to(), sums, prices.get());
        return switch (asked.form()) {
            case JSON -> new Answer(200, Map.of(), table.json());
            case CSV -> new Answer(200, Map.of("Content-Disposition", "attachment; filename=\"usage.csv\""), "text/csv; charset=utf-8", table.csv());
        };
    }

    private Answer invocations(Request request) {
        InvocationPage page = Asked.page(request, today());
        Form form = Asked.form(request);
        InvocationTable table = new InvocationTable(page, read(invocations, page), prices.get());
        return switch (form) {
            case JSON -> new Answer(200, Map.of(), table.json());
            case CSV -> {
                Map<String, String> headers = new HashMap<>(Map.of("Content-Disposition", "attachment; filename=\"invocations.csv\""));
                table.next().ifPresent(token -> headers.put(NEXT, token));
                yield new Answer(200, headers, "text/csv; charset=utf-8", table.csv());
            }
        };
    }

    private <Q, R> R read(Function<Q, R> from, Q query) {
        if (!readers.tryAcquire()) {
            throw new RequestException(Kind.THROTTLED, MOST_READERS + " requests for usage are being answered, as many as are at once."
                    + " Ask again in a moment.");
        }
        try {
            return from.apply(query);
        } catch (LedgerException e) {
            throw new RequestException(Kind.PLATFORM, "The ledger cannot be read. Ask again later.", e);
        } finally {
            readers.release();
        }
    }
}
