package dev.agentruntime.sessions;

import dev.agentruntime.store.LedgerKeeper;
import dev.agentruntime.store.SessionDirectory;
import java.util.concurrent.CompletableFuture;

/**
 * Where sessions are written down.
 *
 * @param ledger    what they use
 * @param directory whose their ids are
 * @param serverId  who runs them
 */
public record Records(LedgerKeeper ledger, SessionDirectory directory, String serverId) {

    /** Completes when the ledger has the session as it stands now or later, on a thread that must not be held up; fails when it never will. */
    CompletableFuture<Void> written(SessionActor session) {
        return ledger.write(session);
    }

    void write(SessionActor session, Order.Haste haste) {
        switch (haste) {
            case AT_ONCE -> ledger.markNow(session);
            case WITHIN_SECONDS -> ledger.mark(session);
        }
    }
}
