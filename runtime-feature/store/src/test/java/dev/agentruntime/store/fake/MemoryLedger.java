package dev.agentruntime.store.fake;

import dev.agentruntime.api.Caller;
import dev.agentruntime.store.Ledger;
import dev.agentruntime.store.LedgerException;
import dev.agentruntime.store.LedgerException.Why;
import dev.agentruntime.store.SessionRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A ledger in memory that can be made to fail, to hang, and to refuse records. */
public final class MemoryLedger implements Ledger {

    private final Map<String, SessionRecord> rows = new LinkedHashMap<>();
    private Optional<LedgerException> failure = Optional.empty();
    private Predicate<SessionRecord> poison = record -> false;
    private Predicate<SessionRecord> locked = record -> false;
    private CountDownLatch open = new CountDownLatch(0);
    private Consumer<String> witness = moment -> { };

    public synchronized void fail() {
        failure = Optional.of(new LedgerException(Why.AWAY, "The disk is full.", new IllegalStateException("disk full")));
    }

    /** Whoever comes waits until it works again. */
    public synchronized void hang() {
        open = new CountDownLatch(1);
    }

    public synchronized void work() {
        failure = Optional.empty();
        open.countDown();
    }

    /** These are never taken. */
    public synchronized void refuse(Predicate<SessionRecord> records) {
        poison = records;
    }

    /** These cannot be written at present, for no fault of theirs. */
    public synchronized void lock(Predicate<SessionRecord> records) {
        locked = records;
    }

    /** From now on {@code witness} is told of the moments before and after each write. */
    public synchronized void watch(Consumer<String> witness) {
        this.witness = witness;
    }

    private synchronized Consumer<String> witness() {
        return witness;
    }

    /** One of its own with the same rows. */
    public synchronized MemoryLedger copy() {
        MemoryLedger copy = new MemoryLedger();
        copy.rows.putAll(rows);
        return copy;
    }

    public synchronized List<SessionRecord> rows() {
        return new ArrayList<>(rows.values());
    }

    @Override
    public void save(List<SessionRecord> records) {
        pass();
        witness().accept("before a write");
        synchronized (this) {
            for (SessionRecord record : records) {
                check(poison.test(record), Why.REFUSED, "A value of row " + record.rowId() + " is refused.");
                check(locked.test(record), Why.AWAY, "Row " + record.rowId() + " is locked.");
            }
            records.forEach(record -> rows.put(record.rowId(), record));
        }
        witness().accept("after a write");
    }

    @Override
    public void probe() {
        pass();
    }

    @Override
    public List<SessionRecord> recent(String runtime, Caller caller, Instant since) {
        pass();
        return rows().stream()
                .filter(row -> row.view().runtime().equals(runtime) && caller.mayUse(row.view().subject()))
                .filter(row -> row.closedAt().filter(closed -> !closed.isAfter(since)).isEmpty()).toList();
    }

    @Override
    public Optional<SessionRecord> latest(String runtime, String sessionId) {
        pass();
        return rows().stream()
                .filter(row -> row.view().runtime().equals(runtime) && row.view().sessionId().equals(sessionId))
                .max(Comparator.comparing(row -> row.view().createdAt()));
    }

    @Override
    public List<SessionRecord> unfinished(String serverId) {
        pass();
        return rows().stream()
                .filter(row -> row.serverId().equals(serverId) && row.closedAt().isEmpty()).toList();
    }

    private void pass() {
        try {
            gate().await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerException(Why.AWAY, "Interrupted.", e);
        }
        synchronized (this) {
            failure.ifPresent(thrown -> {
                throw thrown;
            });
        }
    }

    private synchronized CountDownLatch gate() {
        return open;
    }

    private static void check(boolean wrong, Why why, String message) {
        if (wrong) {
            throw new LedgerException(why, message, new IllegalStateException(message));
        }
    }
}
