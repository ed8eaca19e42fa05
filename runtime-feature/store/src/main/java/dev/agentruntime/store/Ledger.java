package dev.agentruntime.store;

import dev.agentruntime.api.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where sessions and their usage are kept. Thread-safe; every method blocks, within limits, and throws {@link LedgerException}. */
public interface Ledger {

    /**
     * Writes each record over what was there of it, all or none. Writing a record again changes nothing; usage never
     * shrinks, and a record that is closed stays as it is but for its usage.
     */
    void save(List<SessionRecord> records);

    /** Throws when not even a harmless record could be written. Writes nothing. */
    void probe();

    /**
     * Sessions of {@code runtime} that {@code caller} may see and that did not end before {@code since}, newest first; without what is kept
     * of them.
     */
    List<SessionRecord> recent(String runtime, Caller caller, Instant since);

    /** The latest session that had this id, however long ago; without what is kept of it. */
    Optional<SessionRecord> latest(String runtime, String sessionId);

    /** Sessions of {@code serverId} whose last reading was never written, with what is kept of them. */
    List<SessionRecord> unfinished(String serverId);
}
