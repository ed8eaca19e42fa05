package dev.agentruntime.accounting;

import dev.agentruntime.log.Complaints;
import dev.agentruntime.store.LedgerException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import java.util.logging.Logger;

/**
 * Takes what invocations have used, and writes it down in its own time. So many wait at most; while the database is away others are lost
 * rather than the server's memory filled. Its owner calls {@link #write()} now and then, from one thread. Thread-safe.
 */
final class InvocationLog {

    private static final Logger LOG = Logger.getLogger(InvocationLog.class.getName());
    /** About 300 bytes each. */
    static final int MOST_WAITING = 20_000;
    private static final int BATCH = 500;
    private static final Duration BETWEEN_REMOVALS = Duration.ofMinutes(10);

    private final InvocationStore store;
    private final Supplier<Duration> kept;
    private final Clock clock;
    private final Complaints complaints = new Complaints(System::nanoTime);
    private final Deque<InvocationRow> waiting = new ArrayDeque<>();
    private long lost;
    private Instant removed = Instant.EPOCH;

    /** @param kept how long rows are, now; zero where none are written */
    InvocationLog(InvocationStore store, Supplier<Duration> kept, Clock clock) {
        this.store = store;
        this.kept = kept;
        this.clock = clock;
    }

    /** Does not block. */
    synchronized void add(InvocationRow row) {
        if (waiting.size() < MOST_WAITING) {
            waiting.add(row);
        } else {
            lost++;
        }
    }

    /** Writes what waits, and removes what is older than it is to be. Blocks as the database does. */
    void write() {
        try {
            for (List<InvocationRow> batch = next(); !batch.isEmpty(); batch = next()) {
                store.save(batch);
                written(batch.size());
            }
            removeOld();
        } catch (LedgerException e) {
            if (complaints.isDue()) {
                AccountingMessage.INVOCATIONS_NOT_WRITTEN.log(LOG, lost(), e.getMessage());
            }
        }
    }

    private synchronized List<InvocationRow> next() {
        return waiting.stream().limit(BATCH).toList();
    }

    /** They are the oldest: whoever comes meanwhile comes after them. */
    private synchronized void written(int count) {
        for (int i = 0; i < count; i++) {
            waiting.remove();
        }
    }

    private synchronized long lost() {
        return lost;
    }

    private void removeOld() {
        Instant now = clock.instant();
        Duration age = kept.get();
        if (!age.isZero() && Duration.between(removed, now).abs().compareTo(BETWEEN_REMOVALS) >= 0) {
            store.remove(now.minus(age));
            removed = now;
        }
    }
}
