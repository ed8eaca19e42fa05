package dev.agentruntime.accounting;

import dev.agentruntime.accounting.Budget.Standing;
import dev.agentruntime.api.BudgetNews.Level;
import dev.agentruntime.api.BudgetNews.Measure;
import dev.agentruntime.api.BudgetNews.Per;
import dev.agentruntime.api.BudgetNews;
import dev.agentruntime.api.PlainText;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.Subject;
import dev.agentruntime.spi.SessionFacts;
import dev.agentruntime.spi.SessionPart;
import dev.agentruntime.spi.SessionRoom;
import dev.agentruntime.store.UsageSum;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.logging.Logger;

/**
 * Holds sessions to their budgets: looks at what each uses, tells of a budget that is nearly used up, ends sessions that have reached
 * one, and lets none begin whose agent or caller has. Its owner calls {@link #round()} some times a second, from one thread. Nothing
 * blocks.
 */
final class BudgetWatch implements SessionRoom {

    private static final Logger LOG = Logger.getLogger(BudgetWatch.class.getName());
    /** Memory may be free again soon; whether it is, is asked this often at most. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(30);
    /** Rows of sessions that run are as old as this, too. */
    private static final Duration OTHERS_READ = Duration.ofSeconds(10);

    private final Supplier<AccountingSettings> settings;
    private final Function<LocalDate, Optional<List<UsageSum>>> before;
    private final Function<LocalDate, Optional<List<UsageSum>>> others;
    private final Clock clock;
    private final Set<WatchedSession> sessions = ConcurrentHashMap.newKeySet();
    /** Those of them that have budgets, and perhaps some that had one: no other is looked at four times a second. */
    private final Set<WatchedSession> bounded = ConcurrentHashMap.newKeySet();
    private volatile Optional<AccountingSettings> looked = Optional.empty();
    private final DayTotals totals = new DayTotals();
    private final Set<Told> told = new HashSet<>();
    private Instant othersRead = Instant.EPOCH;

    /** What is told once a day, of a session once. */
    record Told(Budget budget, String whose, Measure measure, Level level) {}

    /**
     * Those who share a budget.
     *
     * @param name     for people
     * @param sessions of theirs, one at least
     * @param spent    by all of them
     */
    private record Group(String name, List<WatchedSession> sessions, Spent spent) {}

    /**
     * @param settings as they are now
     * @param before   what sessions of this server have used on a day until now, by agent and subject; empty while that is being found out
     * @param others   the same of other servers on the same database
     * @param clock    says which day it is
     */
    BudgetWatch(Supplier<AccountingSettings> settings, Function<LocalDate, Optional<List<UsageSum>>> before,
            Function<LocalDate, Optional<List<UsageSum>>> others, Clock clock) {
        this.settings = settings;
        this.before = before;
        this.others = others;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "budgets";
    }

    @Override
    public SessionPart join(SessionFacts session) {
        WatchedSession watched = new WatchedSession(session, this::sinceMidnight, this::over);
        sessions.add(watched);
        if (isBounded(watched, settings.get())) {
            bounded.add(watched);
        }
        return watched;
    }

    private static boolean isBounded(WatchedSession session, AccountingSettings now) {
        return now.budgets().stream().anyMatch(budget -> budget.isFor(session.runtime()) && budget.isFor(session.owner()));
    }

    /** What it has used since it was looked at last counts, too: sessions that are over before the next look would cost nothing. */
    private void over(WatchedSession session) {
        count(session);
        sessions.remove(session);
        bounded.remove(session);
    }

    /** A budget of one session has something against none before it is there. */
    @Override
    public void admit(String runtime, Optional<Subject> owner) {
        AccountingSettings now = settings.get();
        now.unusable().stream().filter(one -> one.isFor(runtime, owner)).findFirst().ifPresent(one -> {
            throw new RequestException(Kind.PLATFORM, "No session of agent runtime " + runtime + " begins before server.xml is corrected: a <budget> of"
                    + " <agentRuntimeAccounting> that may be for it cannot be used. " + one.why());
        });
        if (isNew(now)) { // it holds at once, and not from the next round on
            sessions.forEach(this::count);
        }
        for (Budget budget : now.budgets()) {
            if (budget.per() == Per.AGENT && budget.isFor(runtime)) {
                refuseWhere(budget, "Agent runtime " + runtime, spent(totals.of(runtime), one -> one.runtime().equals(runtime)), now.prices());
            }
            owner.filter(known -> budget.per() == Per.SUBJECT && budget.isFor(known)).ifPresent(known ->
                    refuseWhere(budget, "You", spent(totals.of(known), one -> one.owner().equals(known)), now.prices()));
        }
    }

    private boolean isNew(AccountingSettings now) {
        return !now.budgets().isEmpty() && looked.filter(known -> known == now).isEmpty();
    }

    private void count(WatchedSession session) {
        totals.add(session.runtime(), session.owner(), session.count());
    }

    private Spent spent(Spent today, Predicate<WatchedSession> whose) {
        return (totals.mayBeOf(today()) ? today : Spent.NOTHING)
                .holding(sessions.stream().filter(whose).mapToLong(one -> one.spent().memoryBytes()).sum());
    }

    private void refuseWhere(Budget budget, String whose, Spent spent, Optional<Prices> prices) {
        for (Standing standing : budget.standings(spent, prices)) {
            if (standing.measure() == Measure.MEMORY) { // one more session may hold as much as is left
                throw RequestException.throttled(whose + " may hold " + standing.allowed() + " at the same time, as a <budget> of"
                        + " <agentRuntimeAccounting> says, and " + standing.used() + " are held. End a session, or ask again later.", ASK_AGAIN);
            }
            if (standing.level() == Level.REACHED) {
                throw new RequestException(Kind.QUOTA, whose + " may use " + standing.allowed() + " a day, as a <budget> of"
                        + " <agentRuntimeAccounting> says, and " + standing.used() + " are used. The next day begins at 00:00 UTC.");
            }
        }
    }

    /** Looks at every session that has a budget. What others use is counted once it matters: when they get one, at their end, and as a day ends. */
    void round() {
        AccountingSettings now = settings.get();
        if (now.budgets().isEmpty()) {
            totals.forget();
            return;
        }
        if (isNew(now)) {
            bounded.clear();
            sessions.stream().filter(session -> isBounded(session, now)).forEach(bounded::add);
            bounded.retainAll(sessions); // those that were over meanwhile
        }
        LocalDate today = today();
        beginDay(today);
        if (now.budgets().stream().anyMatch(budget -> budget.per() != Per.SESSION)) {
            readOthers(today);
        }
        bounded.forEach(this::count);
        for (Budget budget : now.budgets()) {
            groups(budget).forEach(group -> hold(budget, group, now.prices()));
        }
        looked = Optional.of(now);
    }

    private Duration sinceMidnight() {
        return Duration.between(today().atStartOfDay(ZoneOffset.UTC).toInstant(), clock.instant());
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    /**
     * What the ledger has of the day is asked for once; a day that begins under our eyes has nothing yet. One that comes again, as somebody
     * has set the clock back, has.
     */
    private void beginDay(LocalDate today) {
        if (totals.isOf(today)) {
            return;
        }
        boolean begins = totals.isBefore(today);
        Optional<List<UsageSum>> known = begins ? Optional.of(List.of()) : before.apply(today);
        if (known.isPresent()) {
            sessions.forEach(begins ? WatchedSession::count : WatchedSession::countAsInLedger);
            totals.begin(today, known.get());
            told.clear();
            othersRead = Instant.EPOCH;
        }
    }

    /** Where the ledger does not answer, what it said last counts on. */
    private void readOthers(LocalDate today) {
        Instant now = clock.instant();
        if (!totals.isOf(today) || Duration.between(othersRead, now).abs().compareTo(OTHERS_READ) < 0) {
            return;
        }
        others.apply(today).ifPresent(sums -> {
            totals.others(today, sums);
            othersRead = now;
        });
    }

    private List<Group> groups(Budget budget) {
        Map<Object, List<WatchedSession>> groups = new LinkedHashMap<>();
        for (WatchedSession session : bounded) {
            if (budget.isFor(session.runtime()) && budget.isFor(session.owner())) {
                groups.computeIfAbsent(whose(budget.per(), session), unknown -> new ArrayList<>()).add(session);
            }
        }
        return groups.values().stream().map(members -> group(budget.per(), members)).toList();
    }

    private static Object whose(Per per, WatchedSession session) {
        return switch (per) {
            case SESSION -> session;
            case AGENT -> session.runtime();
            case SUBJECT -> session.owner();
        };
    }

    private Group group(Per per, List<WatchedSession> members) {
        WatchedSession first = members.get(0);
        long held = members.stream().mapToLong(one -> one.spent().memoryBytes()).sum();
        return switch (per) {
            case SESSION -> new Group("Session " + first.name(), members, first.spent());
            case AGENT -> new Group("Agent runtime " + first.runtime(), members, totals.of(first.runtime()).holding(held));
            case SUBJECT -> new Group("Caller " + PlainText.of(first.owner().name()) + " of " + PlainText.of(first.owner().issuer()), members,
                    totals.of(first.owner()).holding(held));
        };
    }

    private void hold(Budget budget, Group group, Optional<Prices> prices) {
        for (Standing standing : budget.standings(group.spent(), prices)) {
            String text = text(budget, group, standing);
            tellOnce(budget, group, standing, text);
            if (standing.level() == Level.REACHED) {
                over(budget, group, standing).forEach(session -> session.endForBudget(text));
            }
        }
    }

    private static String text(Budget budget, Group group, Standing standing) {
        String when = budget.per() == Per.SESSION ? "" : standing.measure() == Measure.MEMORY ? " at the same time" : " a day";
        return group.name() + " may use " + standing.allowed() + when + " and has used " + standing.used()
                + (standing.level() == Level.REACHED ? ": its budget is reached." : ", most of its budget.");
    }

    private void tellOnce(Budget budget, Group group, Standing standing, String text) {
        Told news = new Told(budget, group.name(), standing.measure(), standing.level());
        if (budget.per() == Per.SESSION ? group.sessions().get(0).isNew(news) : told.add(news)) {
            (standing.level() == Level.REACHED ? AccountingMessage.BUDGET_REACHED : AccountingMessage.BUDGET_NEARLY_USED).log(LOG, text);
            group.sessions().get(0).tell(new BudgetNews(budget.per(), standing.measure(), standing.level(), text));
        }
    }

    /** Of memory, what is held again when the largest session is gone is enough; what was used stays used. */
    private static List<WatchedSession> over(Budget budget, Group group, Standing standing) {
        return budget.per() != Per.SESSION && standing.measure() == Measure.MEMORY
                ? group.sessions().stream().max(Comparator.comparingLong(one -> one.spent().memoryBytes())).stream().toList()
                : group.sessions();
    }
}
