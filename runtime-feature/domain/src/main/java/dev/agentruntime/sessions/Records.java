package dev.agentruntime.sessions;

import dev.agentruntime.store.LedgerKeeper;
import dev.agentruntime.store.SessionDirectory;

/**
 * Where sessions are written down.
 *
 * @param ledger    what they use
 * @param directory whose their ids are
 * @param serverId  who runs them
 */
public record Records(LedgerKeeper ledger, SessionDirectory directory, String serverId) {

    void write(SessionActor session, Order.Haste haste) {
        switch (haste) {
            case AT_ONCE -> ledger.markNow(session);
            case WITHIN_SECONDS -> ledger.mark(session);
        }
    }
}
