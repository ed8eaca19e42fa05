package dev.agentruntime.accounting;

import dev.agentruntime.log.Complaints;
import dev.agentruntime.store.LedgerException;
import dev.agentruntime.store.UsageQuery;
import dev.agentruntime.store.UsageQuery.By;
import dev.agentruntime.store.UsageQuery.Servers;
import dev.agentruntime.store.UsageSum;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** Finds out what the sessions of some servers have used on a day until now, on a thread that may wait for the ledger. Thread-safe. */
final class UsedBefore {

    private static final Logger LOG = Logger.getLogger(UsedBefore.class.getName());
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Duration SOON = Duration.ofSeconds(1);
    /** Agents, or callers, of one day: each takes some 300 bytes for as long as the day lasts. */
    static final int MOST_SUMS = 200_000;
    /** A server that starts binds its data source later. */
    private static final Duration STARTING = Duration.ofMinutes(1);

    /** @param since what was used later is not in it */
    private record Known(LocalDate day, Instant since, List<UsageSum> sums) {

        boolean isOf(LocalDate one, Instant now) {
            return day.equals(one) && now.isBefore(since.plus(PAUSE));
        }
    }

    private final Function<UsageQuery, List<UsageSum>> reports;
    private final Supplier<Optional<Servers>> servers;
    private final Executor executor;
    private final Clock clock;
    private final Instant begun;
    private final AtomicReference<Optional<Known>> known = new AtomicReference<>(Optional.empty());
    private final Complaints complaints = new Complaints(System::nanoTime);
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile Instant next = Instant.MIN;

    /**
     * @param reports reads the ledger, with all of its rows; blocks
     * @param servers whose sessions count; empty while that is not known yet, and nothing is found out
     */
    UsedBefore(Function<UsageQuery, List<UsageSum>> reports, Supplier<Optional<Servers>> servers, Executor executor, Clock clock) {
        this.reports = reports;
        this.servers = servers;
        this.executor = executor;
        this.clock = clock;
        this.begun = clock.instant();
    }

    /** By agent, and by subject, once for each time it was asked for; empty while it is being found out. Does not block. */
    Optional<List<UsageSum>> on(LocalDate day) {
        Optional<Known> there = known.getAndSet(Optional.empty()).filter(one -> one.isOf(day, clock.instant()));
        Optional<Servers> whose = servers.get();
        if (there.isEmpty() && whose.isPresent() && !clock.instant().isBefore(next) && asking.compareAndSet(false, true)) {
            executor.execute(() -> ask(day, whose.get()));
        }
        return there.map(Known::sums);
    }

    private List<UsageSum> sums(By by, LocalDate day, Servers whose) {
        List<UsageSum> sums = reports.apply(new UsageQuery(Set.of(by), Optional.empty(), Optional.empty(), day, day, Optional.of(whose)));
        if (sums.size() >= MOST_SUMS && complaints.isDue()) {
            AccountingMessage.BEFORE_UNKNOWN.log(LOG, "there are sums of more than " + MOST_SUMS + " agents or callers; the others count from now on.");
        }
        return sums;
    }

    private void ask(LocalDate day, Servers whose) {
        try {
            Instant since = clock.instant();
            known.set(Optional.of(new Known(day, since, Stream.of(By.AGENT, By.SUBJECT).flatMap(by -> sums(by, day, whose).stream()).toList())));
        } catch (LedgerException e) {
            boolean mayCome = e.why() == LedgerException.Why.NOT_BOUND && clock.instant().isBefore(begun.plus(STARTING));
            next = clock.instant().plus(mayCome ? SOON : PAUSE);
            if (!mayCome && complaints.isDue()) {
                AccountingMessage.BEFORE_UNKNOWN.log(LOG, e.getMessage());
            }
        } catch (RuntimeException | Error e) { // the next one asks again, and not four times a second
            next = clock.instant().plus(PAUSE);
            if (complaints.isDue()) {
                AccountingMessage.BEFORE_UNKNOWN.log(LOG, e, e.toString());
            }
        } finally {
            asking.set(false);
        }
    }
}
