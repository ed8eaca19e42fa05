package dev.agentruntime.memory;

import dev.agentruntime.store.Sql;
import dev.agentruntime.store.Transaction;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sessions and actors of memories in one transaction. For one thread. */
record SessionTable(Transaction transaction) {

    private static final String IS = " WHERE memory_id = ? AND actor_id = ? AND session_id = ?";

    /** A session, for lists. */
    record Listed(String session, String actor, Instant createdAt) {

        JsonObject view() {
            return Json.createObjectBuilder().add("sessionId", session).add("actorId", actor).add("createdAt", Views.time(createdAt)).build();
        }
    }

    /** The number of the session's next event. The session is locked until the transaction's end, and made where there was none. */
    long nextEvent(SessionKey session, Instant now) throws SQLException {
        Optional<Long> last = Sql.row(transaction, "SELECT last_event FROM memory_session" + IS + " FOR UPDATE", row -> row.getLong(1),
                session.memory(), session.actor(), session.session());
        if (last.isEmpty()) {
            Sql.change(transaction, "INSERT INTO memory_session (memory_id, actor_id, session_id, last_event, created_at) VALUES (?, ?, ?, 1, ?)",
                    session.memory(), session.actor(), session.session(), now);
            return 1;
        }
        Sql.change(transaction, "UPDATE memory_session SET last_event = ?" + IS, last.get() + 1, session.memory(), session.actor(), session.session());
        return last.get() + 1;
    }

    /**
     * An actor's sessions, the newest first.
     *
     * @param after      those that come after this one
     * @param withEvents those only that have events at this time
     */
    List<Listed> sessions(String memory, String actor, Optional<Listed> after, Optional<Instant> withEvents, int most) throws SQLException {
        StringBuilder sql = new StringBuilder("SELECT session_id, created_at FROM memory_session s WHERE memory_id = ? AND actor_id = ?");
        List<Object> parameters = new ArrayList<>(List.of(memory, actor));
        after.ifPresent(last -> {
            sql.append(" AND (created_at < ? OR created_at = ? AND session_id > ?)");
            parameters.addAll(List.of(last.createdAt(), last.createdAt(), last.session()));
        });
        withEvents.ifPresent(now -> {
            sql.append(" AND EXISTS (SELECT 1 FROM memory_event e WHERE e.memory_id = s.memory_id AND e.actor_id = s.actor_id"
                    + " AND e.session_id = s.session_id AND e.expires_at > ?)");
            parameters.add(now);
        });
        sql.append(" ORDER BY created_at DESC, session_id LIMIT ?");
        parameters.add(most);
        return Sql.rows(transaction, sql.toString(), row -> new Listed(row.getString("session_id"), actor, Sql.time(row, "created_at")), parameters.toArray());
    }

    /** Actors that have sessions, in the order of the database. */
    List<String> actors(String memory, Optional<String> after, int most) throws SQLException {
        List<Object> parameters = new ArrayList<>(List.of(memory));
        after.ifPresent(parameters::add);
        parameters.add(most);
        return Sql.rows(transaction, "SELECT DISTINCT actor_id FROM memory_session WHERE memory_id = ?" + (after.isPresent() ? " AND actor_id > ?" : "")
                + " ORDER BY actor_id LIMIT ?", row -> row.getString(1), parameters.toArray());
    }

    boolean hasActor(String memory, String actor) throws SQLException {
        return !sessions(memory, actor, Optional.empty(), Optional.empty(), 1).isEmpty();
    }

    /** Some of a memory's sessions, whosever they are. */
    List<SessionKey> some(String memory, int most) throws SQLException {
        return Sql.rows(transaction, "SELECT actor_id, session_id FROM memory_session WHERE memory_id = ? LIMIT ?",
                row -> new SessionKey(memory, row.getString("actor_id"), row.getString("session_id")), memory, most);
    }

    /** Until the transaction's end nobody writes an event in it. */
    void lock(SessionKey session) throws SQLException {
        Sql.row(transaction, "SELECT last_event FROM memory_session" + IS + " FOR UPDATE", row -> row.getLong(1), session.memory(), session.actor(), session.session());
    }

    void delete(SessionKey session) throws SQLException {
        Sql.change(transaction, "DELETE FROM memory_session" + IS, session.memory(), session.actor(), session.session());
    }
}
