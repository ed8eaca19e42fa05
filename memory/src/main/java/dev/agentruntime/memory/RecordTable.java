package dev.agentruntime.memory;

import dev.agentruntime.store.Sql;
import dev.agentruntime.store.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Records in one transaction. Each change has a number, and none is seen before the one below it: whoever has seen all up to a number needs
 * to look at those above it only. For one thread.
 */
record RecordTable(Transaction transaction) {

    private static final String RECORD = "SELECT memory_id, record_id, strategy_id, actor_id, namespace, state, content, metadata, request, token, recorded_at, revision"
            + " FROM memory_record";
    private static final int AT_ONCE = 200;
    private static final int MOST_FORGOTTEN = 1_000;
    private static final String IS = " WHERE memory_id = ? AND record_id = ?";

    /** @param origin of the numbers; another database has another */
    record Revision(String origin, long number) {}

    /** A record that was removed. */
    record Gone(String memory, String id, long revision) {}

    /**
     * What records must be.
     *
     * @param actor     empty for everybody's
     * @param namespace with which theirs begins
     * @param path      at or below which they are
     */
    record Wanted(String memory, Optional<String> actor, Optional<String> namespace, Optional<String> path, Optional<String> strategy) {}

    /** The place of a record in a list. */
    record Place(Instant at, String id) {}

    Optional<RecordRow> find(String memory, String id) throws SQLException {
        return Sql.row(transaction, RECORD + IS, RecordTable::read, memory, id);
    }

    /** Locked until the transaction's end. */
    Optional<RecordRow> locked(String memory, String id) throws SQLException {
        return Sql.row(transaction, RECORD + IS + " FOR UPDATE", RecordTable::read, memory, id);
    }

    List<RecordRow> ofToken(String memory, String token) throws SQLException {
        return Sql.rows(transaction, RECORD + " WHERE memory_id = ? AND token = ? ORDER BY revision", RecordTable::read, memory, token);
    }

    /** Those of the ids that are there, by id. */
    Map<String, RecordRow> all(String memory, List<String> ids) throws SQLException {
        Map<String, RecordRow> all = new HashMap<>();
        for (int from = 0; from < ids.size(); from += AT_ONCE) {
            List<String> some = ids.subList(from, Math.min(ids.size(), from + AT_ONCE));
            List<Object> parameters = new ArrayList<>(List.of(memory));
            parameters.addAll(some);
            Sql.rows(transaction, RECORD + " WHERE memory_id = ? AND record_id IN (" + String.join(", ", Collections.nCopies(some.size(), "?")) + ")",
                    RecordTable::read, parameters.toArray()).forEach(row -> all.put(row.id(), row));
        }
        return all;
    }

    /** The newest first. */
    List<RecordRow> newest(Wanted wanted, Optional<Place> after, int most) throws SQLException {
        StringBuilder sql = new StringBuilder(RECORD).append(" WHERE memory_id = ? AND state = ?");
        List<Object> parameters = new ArrayList<>(List.of(wanted.memory(), RecordRow.State.ACTIVE));
        wanted.actor().ifPresent(actor -> {
            sql.append(" AND actor_id = ?");
            parameters.add(actor);
        });
        wanted.strategy().ifPresent(strategy -> {
            sql.append(" AND strategy_id = ?");
            parameters.add(strategy);
        });
        wanted.namespace().ifPresent(start -> begins(sql, parameters, start));
        wanted.path().map(Namespaces::trimmed).filter(path -> !path.isEmpty()).ifPresent(path -> {
            sql.append(" AND (namespace = ? OR ");
            parameters.add(path);
            begins(sql.append("(1 = 1"), parameters, path + "/");
            sql.append("))");
        });
        after.ifPresent(place -> {
            sql.append(" AND (recorded_at < ? OR recorded_at = ? AND record_id > ?)");
            parameters.addAll(List.of(place.at(), place.at(), place.id()));
        });
        parameters.add(most);
        return Sql.rows(transaction, sql.append(" ORDER BY memory_id, recorded_at DESC, record_id LIMIT ?").toString(), RecordTable::read, parameters.toArray());
    }

    /** Not by a pattern, in which an underscore would stand for any character. */
    private static void begins(StringBuilder sql, List<Object> parameters, String start) {
        sql.append(" AND SUBSTRING(namespace, 1, ").append(start.length()).append(") = ?");
        parameters.add(start);
    }

    Revision revision() throws SQLException {
        return Sql.row(transaction, "SELECT origin, revision FROM memory_revision WHERE id = 1", row -> new Revision(row.getString(1), row.getLong(2)))
                .orElse(new Revision("", 0));
    }

    /** The number of the first of {@code many} changes that this transaction makes. Until its end no other has one. */
    long nextRevision(int many) throws SQLException {
        if (Sql.change(transaction, "UPDATE memory_revision SET revision = revision + ? WHERE id = 1", many) == 0) {
            Sql.change(transaction, "INSERT INTO memory_revision (id, origin, revision, forgotten) VALUES (1, ?, ?, 0)", UUID.randomUUID().toString(), many);
        }
        return revision().number() - many + 1;
    }

    /** Records that were changed after {@code revision}, in the order of their changes. */
    List<RecordRow> changedAfter(long revision, int most) throws SQLException {
        return Sql.rows(transaction, RECORD + " WHERE revision > ? ORDER BY revision LIMIT ?", RecordTable::read, revision, most);
    }

    List<Gone> goneAfter(long revision, int most) throws SQLException {
        return Sql.rows(transaction, "SELECT memory_id, record_id, revision FROM memory_record_gone WHERE revision > ? ORDER BY revision LIMIT ?",
                row -> new Gone(row.getString(1), row.getString(2), row.getLong(3)), revision, most);
    }

    /** Lets go of some of the oldest notes of removals, where these were before then. Whoever has not read them needs to begin anew. */
    void forgetGone(Instant before) throws SQLException {
        long last = Sql.row(transaction, "SELECT MAX(revision) FROM memory_record_gone WHERE created_at < ?"
                + " AND revision < (SELECT MIN(revision) FROM memory_record_gone) + " + MOST_FORGOTTEN, row -> row.getLong(1), before).orElse(0L);
        if (last > 0) {
            Sql.change(transaction, "UPDATE memory_revision SET forgotten = ? WHERE id = 1", last);
            Sql.change(transaction, "DELETE FROM memory_record_gone WHERE revision <= ?", last);
        }
    }

    /** Up to which number there are no notes of removals any more. */
    long forgotten() throws SQLException {
        return Sql.row(transaction, "SELECT forgotten FROM memory_revision WHERE id = 1", row -> row.getLong(1)).orElse(0L);
    }

    int count(String memory, String actor) throws SQLException {
        return Sql.row(transaction, "SELECT COUNT(*) FROM memory_record WHERE memory_id = ? AND actor_id = ?", row -> row.getInt(1), memory, actor).orElseThrow();
    }

    void insert(RecordRow row, Instant now) throws SQLException {
        Sql.change(transaction, "INSERT INTO memory_record (memory_id, record_id, strategy_id, actor_id, namespace, state, content, metadata, request, token,"
                + " revision, recorded_at, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row.memory(), row.id(), row.strategy(), row.actor(),
                row.namespace(), row.state(), row.content(), row.metadata().toString(), row.request(), row.token(), row.revision(), row.at(), now, now);
    }

    void update(RecordRow row, Instant now) throws SQLException {
        Sql.change(transaction, "UPDATE memory_record SET strategy_id = ?, actor_id = ?, namespace = ?, state = ?, content = ?, metadata = ?, revision = ?,"
                + " recorded_at = ?, updated_at = ?" + IS, row.strategy(), row.actor(), row.namespace(), row.state(), row.content(), row.metadata().toString(),
                row.revision(), row.at(), now, row.memory(), row.id());
    }

    /** @param revision of its removal */
    void delete(String memory, String id, long revision, Instant now) throws SQLException {
        Sql.change(transaction, "DELETE FROM memory_record" + IS, memory, id);
        Sql.change(transaction, "INSERT INTO memory_record_gone (revision, memory_id, record_id, created_at) VALUES (?, ?, ?, ?)", revision, memory, id, now);
    }

    /** Removes {@code most} at most of a memory's records, or of those of one actor in it; returns how many. */
    int deleteSome(String memory, Optional<String> actor, int most, Instant now) throws SQLException {
        List<Object> parameters = new ArrayList<>(List.of(memory));
        actor.ifPresent(parameters::add);
        parameters.add(most);
        List<String> some = Sql.rows(transaction, "SELECT record_id FROM memory_record WHERE memory_id = ?" + (actor.isPresent() ? " AND actor_id = ?" : "") + " LIMIT ?",
                row -> row.getString(1), parameters.toArray());
        if (!some.isEmpty()) {
            long revision = nextRevision(some.size());
            for (String id : some) {
                delete(memory, id, revision++, now);
            }
        }
        return some.size();
    }

    private static RecordRow read(ResultSet row) throws SQLException {
        return new RecordRow(row.getString("memory_id"), row.getString("record_id"), row.getString("strategy_id"), row.getString("actor_id"), row.getString("namespace"),
                RecordRow.State.valueOf(row.getString("state")), row.getString("content"), Views.object(row.getString("metadata")), row.getString("request"),
                row.getString("token"), Sql.time(row, "recorded_at"), row.getLong("revision"));
    }
}
