package dev.agentruntime.benchmarks;

import dev.agentruntime.api.Caller;
import dev.agentruntime.store.Ledger;
import dev.agentruntime.store.SessionRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Forgets everything: a database's cost is not the platform's. */
final class NoLedger implements Ledger {

    @Override
    public void save(List<SessionRecord> records) {}

    @Override
    public void probe() {}

    @Override
    public List<SessionRecord> recent(String runtime, Caller caller, Instant since) {
        return List.of();
    }

    @Override
    public Optional<SessionRecord> latest(String runtime, String sessionId) {
        return Optional.empty();
    }

    @Override
    public List<SessionRecord> unfinished(String serverId) {
        return List.of();
    }
}
