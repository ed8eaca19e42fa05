package dev.agentruntime.store;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.SessionView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Keeps the ledger up with the sessions without ever holding one up: changes are marked, written together on the store's
 * threads, and kept in memory for as long as the ledger cannot be written. A record that the ledger refuses while it
 * takes others is set aside alone, with a message. Thread-safe; but for the methods that say so, none blocks.
 */
public final class LedgerKeeper implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(LedgerKeeper.class.getName());
    private static final Duration LAST_WRITE = Duration.ofSeconds(10);
    /** About 1 KiB each. */
    static final int MOST_ENDED = 100_000;

    private final Ledger ledger;
    private final Executor store;
    private final Runnable beforehand;
    private final Backlog backlog;
    private final Receipts receipts = new Receipts();
    private final LedgerLink link;
    private final LedgerWriter writer;
    private final AtomicBoolean queued = new AtomicBoolean();
    private final AtomicBoolean again = new AtomicBoolean();
    private final AtomicBoolean full = new AtomicBoolean();
    private final ReentrantLock writing = new ReentrantLock();
    private volatile boolean begun;

    /**
     * @param store      where the ledger is written; may hang for as long as the database does
     * @param beforehand run on a thread of the store until it has succeeded once; before that nothing is written. It may
     *                   block, and throw {@link LedgerException}
     * @param whenFailed told of each failure of the ledger
     */
    public LedgerKeeper(Ledger ledger, Executor store, Clock clock, Runnable beforehand, Runnable whenFailed) {
        this(ledger, store, clock, beforehand, whenFailed, MOST_ENDED);
    }

    LedgerKeeper(Ledger ledger, Executor store, Clock clock, Runnable beforehand, Runnable whenFailed, int mostEnded) {
        this.ledger = ledger;
        this.store = store;
        this.beforehand = beforehand;
        this.backlog = new Backlog(mostEnded);
        this.link = new LedgerLink(clock, whenFailed);
        this.writer = new LedgerWriter(ledger, backlog, receipts, (record, why) -> {
            whenFailed.run();
            lost(record, why);
        });
    }

    /** {@code account} has changed; written within some seconds. */
    public void mark(Account account) {
        backlog.mark(account).ifPresent(this::overflowed);
    }

    /** {@code account} has changed in a way that must not be lost: written at once, unless the ledger is away. */
    public void markNow(Account account) {
        mark(account);
        writeSoon();
    }

    /**
     * {@code account} has changed, and somebody does not go on before the ledger has it as it stands now or later. Written at once, unless the
     * ledger is away: then once it is back.
     *
     * @return completes when it is written, on a thread of the store's; fails with {@link LedgerException} when it never will be
     */
    public CompletableFuture<Void> write(Account account) {
        CompletableFuture<Void> receipt = receipts.of(account.rowId(), backlog.latestMark() + 1);
        markNow(account);
        return receipt;
    }

    /** Whether the ledger works, as far as is known. */
    public boolean isUp() {
        return link.isUp();
    }

    /** Lets time pass; to be called every second or so. */
    public void tick(Instant now) {
        if (!link.isUp() || writing.isLocked()) {
            backlog.settle().forEach(this::overflowed);
        }
        if (backlog.isEmpty()) {
            full.set(false);
        }
        if (link.isDue(now) && (!link.isUp() || !begun || !backlog.isEmpty())) {
            submit();
        }
    }

    /** Writes what is marked, without waiting for the next tick, unless the ledger is away. */
    public void writeSoon() {
        if (link.isUp()) {
            submit();
        }
    }

    /**
     * The latest session of this id as far as the keeper and the ledger know. Blocks for some seconds at most.
     *
     * @throws RequestException of kind PLATFORM: the ledger cannot be read, so nobody knows
     */
    public Optional<SessionRecord> latest(String runtime, String sessionId) {
        Optional<SessionRecord> unwritten = unwritten(runtime)
                .filter(record -> record.view().sessionId().equals(sessionId))
                .max(Comparator.comparing(record -> record.view().createdAt()));
        if (unwritten.isPresent()) {
            return unwritten;
        }
        try {
            return ledger.latest(runtime, sessionId);
        } catch (LedgerException e) {
            link.failed(e);
            throw new RequestException(RequestException.Kind.PLATFORM,
                    "The ledger cannot be read, so that nobody knows of session " + sessionId + ". Ask again later.", e);
        }
    }

    /**
     * Sessions of {@code runtime} that {@code caller} may see and that ended after {@code since}, by row. While the ledger
     * cannot be read, those that it does not have yet. Blocks for some seconds at most.
     */
    public Map<String, SessionView> recent(String runtime, Caller caller, Instant since) {
        Map<String, SessionView> views = new LinkedHashMap<>();
        written(runtime, caller, since).forEach(record -> views.put(record.rowId(), record.view()));
        unwritten(runtime).filter(record -> caller.mayUse(record.view().subject()))
                .forEach(record -> views.put(record.rowId(), record.view()));
        return views;
    }

    private List<SessionRecord> written(String runtime, Caller caller, Instant since) {
        try {
            return ledger.recent(runtime, caller, since);
        } catch (LedgerException e) {
            link.failed(e);
            return List.of();
        }
    }

    private Stream<SessionRecord> unwritten(String runtime) {
        return backlog.all().stream().map(Account::record).filter(record -> record.view().runtime().equals(runtime));
    }

    /** Writes what is left and says in the log what could not be written. Blocks for ten seconds at most. */
    @Override
    public void close() {
        CountDownLatch written = new CountDownLatch(1);
        try {
            store.execute(() -> {
                writeLast();
                written.countDown();
            });
            if (!written.await(LAST_WRITE.toMillis(), TimeUnit.MILLISECONDS)) {
                link.failed("It took longer than " + LAST_WRITE.toSeconds() + " s to write the last records.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error noThread) {
            link.failed("There is no thread to write the last records on: " + noThread);
        }
        backlog.all().forEach(account -> lost(account.record(), "the server stopped before it could be written"));
    }

    /** After whoever writes at this moment. */
    private void writeLast() {
        try {
            if (writing.tryLock(LAST_WRITE.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    writeMarked();
                } finally {
                    writing.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void submit() {
        if (!queued.compareAndSet(false, true)) {
            return;
        }
        try {
            store.execute(() -> {
                queued.set(false);
                write();
            });
        } catch (RuntimeException | Error noThread) {
            queued.set(false);
            link.didNotWork("There is no thread to write it on: " + noThread);
        }
    }

    /** One thread writes at a time; another that comes meanwhile does not wait but lets it look again. */
    private void write() {
        do {
            again.set(true);
            if (!writing.tryLock()) {
                return;
            }
            try {
                again.set(false);
                writeMarked();
            } finally {
                writing.unlock();
            }
        } while (again.get() && link.isUp());
    }

    private void writeMarked() {
        try {
            if (!begun) {
                beforehand.run();
                begun = true;
            }
            if (!link.isUp()) {
                ledger.probe();
            }
            link.worked(writer.write());
        } catch (LedgerException e) {
            link.didNotWork(e);
        } catch (RuntimeException | Error e) {
            link.didNotWork(e.toString());
        }
    }

    private void overflowed(SessionRecord dropped) {
        if (full.compareAndSet(false, true)) {
            StoreMessage.LEDGER_FULL.log(LOG, MOST_ENDED);
        }
        lost(dropped, "too many records wait for the ledger");
        receipts.dropped(dropped.rowId(), new LedgerException(LedgerException.Why.AWAY, "Too many records wait for the ledger"));
    }

    private static void lost(SessionRecord record, String why) {
        StoreMessage.RECORD_LOST.log(LOG, Texts.cleaned(why, 500), Figures.of(record));
    }
}
