package dev.agentruntime.store.fake;

import dev.agentruntime.api.Caller;
import dev.agentruntime.store.Ledger;
import dev.agentruntime.store.LedgerException;
import dev.agentruntime.store.SessionRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A ledger in memory that can be made to fail. */
public final class MemoryLedger implements Ledger {

    private final Map<String, SessionRecord> rows = new LinkedHashMap<>();
    private Optional<LedgerException> failure = Optional.empty();

    public synchronized void fail() {
        failure = Optional.of(new LedgerException(LedgerException.Why.AWAY, "The disk is full.", new IllegalStateException("disk full")));
    }

    public synchronized void work() {
        failure = Optional.empty();
    }

    public synchronized List<SessionRecord> rows() {
        return new ArrayList<>(rows.values());
    }

    @Override
    public synchronized void save(List<SessionRecord> records) {
        check();
        records.forEach(record -> rows.put(record.rowId(), record));
    }

    @Override
    public synchronized void probe() {
        check();
    }

    @Override
    public synchronized List<SessionRecord> recent(String runtime, Caller caller, Instant since) {
        check();
        return rows.values().stream()
                .filter(row -> row.view().runtime().equals(runtime) && caller.mayUse(row.view().subject()))
                .filter(row -> row.closedAt().filter(closed -> !closed.isAfter(since)).isEmpty()).toList();
    }

    @Override
    public synchronized Optional<SessionRecord> latest(String runtime, String sessionId) {
        check();
        return rows.values().stream()
                .filter(row -> row.view().runtime().equals(runtime) && row.view().sessionId().equals(sessionId))
                .max(Comparator.comparing(row -> row.view().createdAt()));
    }

    @Override
    public synchronized List<SessionRecord> unfinished(String serverId) {
        check();
        return rows.values().stream()
                .filter(row -> row.serverId().equals(serverId) && row.closedAt().isEmpty()).toList();
    }

    private void check() {
        failure.ifPresent(thrown -> {
            throw thrown;
        });
    }
}
