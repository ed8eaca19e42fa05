package dev.agentruntime.memory;

import dev.agentruntime.store.Sql;
import dev.agentruntime.store.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Events in one transaction. For one thread.
 *
 * @param now what has expired by then is not there any more
 */
record EventTable(Transaction transaction, Instant now) {

    private static final String HEAD = "SELECT memory_id, actor_id, session_id, event_id, branch, extraction, metadata, event_at";
    private static final String OF_SESSION = " FROM memory_event WHERE expires_at > ? AND memory_id = ? AND actor_id = ? AND session_id = ?";

    Optional<EventRow> find(SessionKey session, String id) throws SQLException {
        return Sql.row(transaction, HEAD + ", payload" + OF_SESSION + " AND event_id = ?", EventTable::withPayload,
                now, session.memory(), session.actor(), session.session(), id);
    }

    /** The one that was written with this token, as long as its row is there. */
    Optional<EventRow> ofToken(String memory, String actor, String token) throws SQLException {
        return Sql.row(transaction, HEAD + ", payload FROM memory_event WHERE memory_id = ? AND actor_id = ? AND token = ?", EventTable::withPayload,
                memory, actor, token);
    }

    /** The branch of an event; empty where there is no such event. */
    Optional<String> branchOf(SessionKey session, String id) throws SQLException {
        return Sql.row(transaction, "SELECT branch" + OF_SESSION + " AND event_id = ?", row -> row.getString(1),
                now, session.memory(), session.actor(), session.session(), id);
    }

    /**
     * The newest first.
     *
     * @param before   those older than this one
     * @param branches of these only; all where there are none
     */
    List<EventRow> newest(SessionKey session, Optional<String> before, List<BranchTable.Part> branches, boolean withPayloads, int most) throws SQLException {
        StringBuilder sql = new StringBuilder(HEAD).append(withPayloads ? ", payload" : "").append(OF_SESSION);
        List<Object> parameters = new ArrayList<>(List.of(now, session.memory(), session.actor(), session.session()));
        before.ifPresent(id -> {
            sql.append(" AND event_id < ?");
            parameters.add(id);
        });
        for (int i = 0; i < branches.size(); i++) {
            BranchTable.Part part = branches.get(i);
            sql.append(i == 0 ? " AND (" : " OR ").append("(branch = ?").append(part.until().isPresent() ? " AND event_id <= ?)" : ")");
            parameters.add(part.branch());
            part.until().ifPresent(parameters::add);
        }
        sql.append(branches.isEmpty() ? "" : ")").append(" ORDER BY memory_id, actor_id, session_id, event_id DESC LIMIT ?");
        parameters.add(most);
        return Sql.rows(transaction, sql.toString(), withPayloads ? EventTable::withPayload : EventTable::withoutPayload, parameters.toArray());
    }

    void insert(EventRow event, Optional<String> token, Instant expiresAt) throws SQLException {
        SessionKey session = event.session();
        Sql.change(transaction, "INSERT INTO memory_event (memory_id, actor_id, session_id, event_id, branch, token, extraction, metadata, payload,"
                + " event_at, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", session.memory(), session.actor(), session.session(),
                event.id(), event.branch(), token.orElse(null), event.extraction(), event.metadata().toString(), event.payload().orElseThrow().toString(),
                event.at(), now, expiresAt);
    }

    /** Returns whether it was there. */
    boolean delete(SessionKey session, String id) throws SQLException {
        return Sql.change(transaction, "DELETE" + OF_SESSION + " AND event_id = ?", now, session.memory(), session.actor(), session.session(), id) > 0;
    }

    /** Removes some of those that have expired, about {@code most}; returns how many. */
    int deleteExpired(int most) throws SQLException {
        Instant until = Sql.row(transaction, "SELECT expires_at FROM memory_event WHERE expires_at <= ? ORDER BY expires_at LIMIT 1 OFFSET ?",
                row -> Sql.time(row, "expires_at"), now, most).orElse(now);
        return Sql.change(transaction, "DELETE FROM memory_event WHERE expires_at <= ?", until);
    }

    /** Removes some of a session's events, the oldest, {@code most} at most; returns how many. */
    int deleteOldest(SessionKey session, int most) throws SQLException {
        String of = " FROM memory_event WHERE memory_id = ? AND actor_id = ? AND session_id = ?";
        Optional<String> until = Sql.row(transaction, "SELECT event_id" + of + " ORDER BY event_id LIMIT 1 OFFSET ?", row -> row.getString(1),
                session.memory(), session.actor(), session.session(), most - 1);
        return until.isPresent()
                ? Sql.change(transaction, "DELETE" + of + " AND event_id <= ?", session.memory(), session.actor(), session.session(), until.get())
                : Sql.change(transaction, "DELETE" + of, session.memory(), session.actor(), session.session());
    }

    private static EventRow withPayload(ResultSet row) throws SQLException {
        return read(row, true);
    }

    private static EventRow withoutPayload(ResultSet row) throws SQLException {
        return read(row, false);
    }

    private static EventRow read(ResultSet row, boolean withPayload) throws SQLException {
        return new EventRow(new SessionKey(row.getString("memory_id"), row.getString("actor_id"), row.getString("session_id")), row.getString("event_id"),
                row.getString("branch"), EventRow.Extraction.valueOf(row.getString("extraction")), Views.object(row.getString("metadata")),
                withPayload ? Optional.of(Views.array(row.getString("payload"))) : Optional.empty(), Sql.time(row, "event_at"));
    }
}
