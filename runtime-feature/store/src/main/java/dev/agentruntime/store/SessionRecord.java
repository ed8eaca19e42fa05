package dev.agentruntime.store;

import dev.agentruntime.api.SessionView;
import java.time.Instant;
import java.util.Optional;

/**
 * A session as the ledger keeps it.
 *
 * @param rowId            names it for good; a session id may be used again
 * @param serverId         the server that runs it
 * @param view             everything callers see
 * @param baselineCpuNanos the VM's CPU before it began to serve; empty while that is not known
 * @param reasonCode       why it ended, for programs; empty while it lives
 * @param closedAt         when its VM was proven gone and its usage final; empty until then
 * @param usedUntil        when its usage was read, which says for which day it counts
 * @param kept             what a later run of the server goes on with; empty unless it serves
 */
public record SessionRecord(
        String rowId, String serverId, SessionView view, Optional<Long> baselineCpuNanos, Optional<String> reasonCode,
        Optional<Instant> closedAt, Instant usedUntil, Optional<Kept> kept) {

    /** One whose usage was read when it was closed, or when it was last seen, and that nobody goes on with. */
    public SessionRecord(String rowId, String serverId, SessionView view, Optional<Long> baselineCpuNanos, Optional<String> reasonCode,
            Optional<Instant> closedAt) {
        this(rowId, serverId, view, baselineCpuNanos, reasonCode, closedAt, closedAt.orElse(view.lastActivityAt()), Optional.empty());
    }

    /** One that nobody goes on with. */
    public SessionRecord(String rowId, String serverId, SessionView view, Optional<Long> baselineCpuNanos, Optional<String> reasonCode,
            Optional<Instant> closedAt, Instant usedUntil) {
        this(rowId, serverId, view, baselineCpuNanos, reasonCode, closedAt, usedUntil, Optional.empty());
    }

    /** The same with what is kept of it. */
    public SessionRecord keeping(Optional<Kept> what) {
        return new SessionRecord(rowId, serverId, view, baselineCpuNanos, reasonCode, closedAt, usedUntil, what);
    }
}
