package dev.agentruntime.accounting;

import dev.agentruntime.api.BudgetNews;
import dev.agentruntime.api.EndCode;
import dev.agentruntime.api.Subject;
import dev.agentruntime.spi.SessionFacts;
import dev.agentruntime.spi.SessionGuest;
import dev.agentruntime.spi.SessionPart;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A session whose use is looked at. Thread-safe; does not block. */
final class WatchedSession implements SessionPart {

    private final SessionFacts facts;
    private final Supplier<Duration> today;
    private final Consumer<WatchedSession> whenOver;
    private volatile Consumer<BudgetNews> told = news -> { };
    private volatile Optional<SessionGuest> guest = Optional.empty();
    /** What of it has been counted. */
    private Spent counted = Spent.NOTHING;
    private volatile Spent spent = Spent.NOTHING;
    private final Set<BudgetWatch.Told> known = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * @param today    how long the day has lasted
     * @param whenOver run when nobody needs to look any more; perhaps more than once
     */
    WatchedSession(SessionFacts facts, Supplier<Duration> today, Consumer<WatchedSession> whenOver) {
        this.facts = facts;
        this.today = today;
        this.whenOver = whenOver;
    }

    String runtime() {
        return facts.runtime();
    }

    Subject owner() {
        return facts.owner();
    }

    String name() {
        return facts.runtime() + "/" + facts.sessionId();
    }

    /** What it has used, as it was when it was looked at last. */
    Spent spent() {
        return spent;
    }

    /** Looks at it, and returns what it has used since it was counted before: nothing twice, and nothing less where a reading falls back. */
    synchronized Spent count() {
        Spent since = look().since(counted);
        counted = counted.plus(since.overTime());
        return since;
    }

    /**
     * Takes for counted what the ledger has of it, which is its last reading: not what it has used since, as while it was at rest or the server away.
     * Of its time, that before today counts nowhere.
     */
    synchronized void countAsInLedger() {
        guest.ifPresent(there -> counted = Spent.of(there.lastUse()).overTime().atLeast(there.use().age().minus(today.get())));
    }

    private Spent look() {
        spent = guest.map(there -> Spent.of(there.use())).orElse(spent);
        return spent;
    }

    void tell(BudgetNews news) {
        told.accept(news);
    }

    /** Whether that was not told of it yet. */
    boolean isNew(BudgetWatch.Told news) {
        return known.add(news);
    }

    /** Once: its end may take time. */
    void endForBudget(String why) {
        guest.filter(there -> ended.compareAndSet(false, true)).ifPresent(there -> there.endForBudget(why));
    }

    @Override
    public boolean takesStreams() {
        return false;
    }

    @Override
    public void onBudget(Consumer<BudgetNews> listener) {
        told = listener;
    }

    @Override
    public void begun(SessionGuest there) {
        guest = Optional.of(there);
    }

    /** A session that an earlier run of the server began has used something already, which the ledger has. */
    @Override
    public void resumed(SessionGuest there) {
        guest = Optional.of(there);
        countAsInLedger();
    }

    @Override
    public void ending(EndCode code, String why) {
        whenOver.accept(this);
    }

    @Override
    public void close() {
        whenOver.accept(this);
    }
}
