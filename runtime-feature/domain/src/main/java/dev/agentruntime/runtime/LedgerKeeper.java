package dev.agentruntime.runtime;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.PlatformFailure;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.spi.MeterReading;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.logging.Logger;

/**
 * Keeps the ledger up with the sessions without ever holding one up: changes are marked, written together on a worker
 * thread, and kept in memory for as long as the ledger cannot be written. Thread-safe.
 */
final class LedgerKeeper {

    private static final Logger LOG = Logger.getLogger(LedgerKeeper.class.getName());
    private static final Duration PACE = Duration.ofSeconds(3);

    private enum Link { UP, DOWN }

    private final Ledger ledger;
    private final Environment environment;
    private final Map<Session, Long> unsaved = new ConcurrentHashMap<>();
    private final AtomicLong marks = new AtomicLong();
    private final AtomicBoolean queued = new AtomicBoolean();
    private final Recovery recovery;
    private volatile Instant flushedAt = Instant.EPOCH;
    private volatile Link link = Link.UP;

    LedgerKeeper(Ledger ledger, Environment environment) {
        this.ledger = ledger;
        this.environment = environment;
        this.recovery = new Recovery(ledger, environment, this::serverId);
    }

    /** Hands over what is known of an earlier run's VMs. Nothing is written before that run's sessions are closed. */
    void recover(Map<String, MeterReading> leftovers) {
        recovery.leftovers(leftovers);
        flushSoon();
    }

    /** {@code session} has changed; written within some seconds. */
    void mark(Session session) {
        unsaved.put(session, marks.incrementAndGet());
    }

    /** {@code session} has changed in a way that must not be lost: written at once. */
    void markNow(Session session) {
        mark(session);
        flushSoon();
    }

    void tick(Instant now) {
        if ((!unsaved.isEmpty() || recovery.isDue()) && !now.isBefore(flushedAt.plus(PACE))) {
            flushSoon();
        }
    }

    /** The latest session of this id that is not live any more. Blocks. */
    Optional<SessionRecord> latest(SessionKey key) {
        return unsaved.keySet().stream().filter(session -> session.key().equals(key)).map(this::record)
                .max((a, b) -> a.view().createdAt().compareTo(b.view().createdAt()))
                .or(() -> read(() -> ledger.latest(key.runtime(), key.sessionId()), Optional.empty()));
    }

    /** Sessions of {@code runtime} that {@code caller} may see and that ended after {@code since}, by row. Blocks. */
    Map<String, SessionView> recent(String runtime, Caller caller, Instant since) {
        Map<String, SessionView> views = new LinkedHashMap<>();
        read(() -> ledger.recent(runtime, caller, since), List.<SessionRecord>of())
                .forEach(record -> views.put(record.rowId(), record.view()));
        unsaved.keySet().stream()
                .filter(session -> session.key().runtime().equals(runtime) && caller.mayUse(session.owner()))
                .forEach(session -> views.put(session.rowId(), session.view(environment.now())));
        return views;
    }

    /** Writes what is left and says in the log what could not be written. Blocks. */
    void close() {
        flush();
        unsaved.keySet().forEach(session -> Message.LEDGER_LOST.log(LOG, record(session)));
    }

    private void flushSoon() {
        if (queued.compareAndSet(false, true)) {
            environment.workers().ledger().execute(() -> {
                queued.set(false);
                flush();
            });
        }
    }

    private synchronized void flush() {
        flushedAt = environment.now();
        Map<Session, Long> batch = Map.copyOf(unsaved);
        try {
            if (!recovery.finish()) {
                return;
            }
            List<SessionRecord> records = new ArrayList<>();
            batch.keySet().forEach(session -> records.add(record(session)));
            if (!records.isEmpty()) {
                ledger.save(records);
            }
            batch.forEach(unsaved::remove);
            up(records.size());
        } catch (LedgerException e) {
            down(e);
        }
    }

    private <T> T read(Supplier<T> reading, T otherwise) {
        try {
            return reading.get();
        } catch (LedgerException e) {
            down(e);
            return otherwise;
        }
    }

    private void up(int written) {
        if (link == Link.DOWN) {
            link = Link.UP;
            Message.LEDGER_UP.log(LOG, written);
        }
    }

    /** Logged once per outage, counted each time. */
    private void down(LedgerException e) {
        environment.listeners().tell(listener -> listener.failed("", PlatformFailure.LEDGER));
        if (link == Link.UP) {
            link = Link.DOWN;
            Message.LEDGER_DOWN.log(LOG, e.getMessage());
        }
    }

    private SessionRecord record(Session session) {
        return session.record(serverId(), environment.now());
    }

    private String serverId() {
        return environment.config().get().driver().serverId();
    }
}
