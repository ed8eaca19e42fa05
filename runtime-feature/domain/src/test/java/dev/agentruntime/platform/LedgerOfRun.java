package dev.agentruntime.platform;

import dev.agentruntime.api.Caller;
import dev.agentruntime.store.Ledger;
import dev.agentruntime.store.LedgerException;
import dev.agentruntime.store.LedgerException.Why;
import dev.agentruntime.store.SessionRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** A ledger as one run of the server has it: whatever is left of a run that is over neither reads nor writes. */
final class LedgerOfRun implements Ledger {

    private final Ledger ledger;
    private final Lock writing = new ReentrantLock();
    private volatile boolean over;

    LedgerOfRun(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Returns once nothing of the run is being written any more. */
    void end() {
        over = true;
        writing.lock();
        writing.unlock();
    }

    @Override
    public void save(List<SessionRecord> records) {
        writing.lock();
        try {
            check();
            ledger.save(records);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void probe() {
        check();
        ledger.probe();
    }

    @Override
    public List<SessionRecord> recent(String runtime, Caller caller, Instant since) {
        check();
        return ledger.recent(runtime, caller, since);
    }

    @Override
    public Optional<SessionRecord> latest(String runtime, String sessionId) {
        check();
        return ledger.latest(runtime, sessionId);
    }

    @Override
    public List<SessionRecord> unfinished(String serverId) {
        check();
        return ledger.unfinished(serverId);
    }

    private void check() {
        if (over) {
            throw new LedgerException(Why.AWAY, "This run of the server is over.", new IllegalStateException("over"));
        }
    }
}
