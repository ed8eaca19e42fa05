package dev.agentruntime.runtime.ledger;

import dev.agentruntime.api.Caller;
import dev.agentruntime.runtime.Ledger;
import dev.agentruntime.runtime.LedgerException;
import dev.agentruntime.runtime.SessionRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The ledger in a relational database, in standard SQL: H2 and PostgreSQL are tried. */
public final class JdbcLedger implements Ledger {

    private static final int MOST_LISTED = 1000;

    private static final String SELECT = "SELECT s.row_id, s.server_id, s.runtime, s.session_id, s.version, s.status,"
            + " s.owner_issuer, s.owner_subject, s.created_at, s.last_activity_at, s.closed_at, s.start_mode,"
            + " s.start_nanos, s.vm, s.reason_code, s.reason, s.baseline_cpu_nanos, u.cpu_nanos,"
            + " u.memory_byte_seconds, u.peak_memory_bytes, u.invocations, u.source"
            + " FROM agent_session s JOIN agent_usage u ON u.row_id = s.row_id";
    private static final String UPDATE_SESSION = "UPDATE agent_session SET version = ?, status = ?,"
            + " last_activity_at = ?, closed_at = ?, start_mode = ?, start_nanos = ?, vm = ?, reason_code = ?,"
            + " reason = ?, baseline_cpu_nanos = ? WHERE row_id = ?";
    private static final String INSERT_SESSION = "INSERT INTO agent_session (version, status, last_activity_at,"
            + " closed_at, start_mode, start_nanos, vm, reason_code, reason, baseline_cpu_nanos, row_id, server_id,"
            + " runtime, session_id, owner_issuer, owner_subject, created_at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String UPDATE_USAGE = "UPDATE agent_usage SET cpu_nanos = ?, memory_byte_seconds = ?,"
            + " peak_memory_bytes = ?, invocations = ?, source = ? WHERE row_id = ?";
    private static final String INSERT_USAGE = "INSERT INTO agent_usage (cpu_nanos, memory_byte_seconds,"
            + " peak_memory_bytes, invocations, source, row_id) VALUES (?, ?, ?, ?, ?, ?)";

    /** Where connections come from, anew for each; the data source may not be there yet. */
    @FunctionalInterface
    public interface Connections {

        /**
         * Blocks. The ledger closes what it is given.
         *
         * @throws SQLException there is no data source yet, or it gives no connection
         */
        Connection open() throws SQLException;
    }

    private interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    private enum Schema { UNKNOWN, CURRENT }

    private final Connections connections;
    private Schema schema = Schema.UNKNOWN;

    /** Opens nothing yet; the schema is made or brought up to date at the first use. */
    public JdbcLedger(Connections connections) {
        this.connections = connections;
    }

    @Override
    public void save(List<SessionRecord> records) {
        run("written", connection -> {
            for (SessionRecord record : records) {
                save(connection, record);
            }
            return records.size();
        });
    }

    private static void save(Connection connection, SessionRecord record) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(UPDATE_SESSION)) {
            int next = Rows.bindChanging(update, record);
            update.setString(next, record.rowId());
            if (update.executeUpdate() == 0) {
                try (PreparedStatement insert = connection.prepareStatement(INSERT_SESSION)) {
                    Rows.bindFixed(insert, record, Rows.bindChanging(insert, record));
                    insert.executeUpdate();
                }
            }
        }
        try (PreparedStatement update = connection.prepareStatement(UPDATE_USAGE)) {
            Rows.bindUsage(update, record);
            if (update.executeUpdate() == 0) {
                try (PreparedStatement insert = connection.prepareStatement(INSERT_USAGE)) {
                    Rows.bindUsage(insert, record);
                    insert.executeUpdate();
                }
            }
        }
    }

    @Override
    public List<SessionRecord> recent(String runtime, Caller caller, Instant since) {
        String where = " WHERE s.runtime = ? AND (s.closed_at IS NULL OR s.closed_at > ?)";
        String own = " AND s.owner_issuer = ? AND s.owner_subject = ?";
        String order = " ORDER BY s.created_at DESC FETCH FIRST " + MOST_LISTED + " ROWS ONLY";
        return run("read", connection -> {
            String sql = SELECT + where + (caller.admin() ? "" : own) + order;
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setString(1, runtime);
                select.setObject(2, Rows.time(since));
                if (!caller.admin()) {
                    select.setString(3, caller.subject().issuer());
                    select.setString(4, caller.subject().name());
                }
                return read(select);
            }
        });
    }

    @Override
    public Optional<SessionRecord> latest(String runtime, String sessionId) {
        String sql = SELECT + " WHERE s.runtime = ? AND s.session_id = ? ORDER BY s.created_at DESC FETCH FIRST 1 ROWS ONLY";
        return run("read", connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setString(1, runtime);
                select.setString(2, sessionId);
                return read(select).stream().findFirst();
            }
        });
    }

    @Override
    public List<SessionRecord> unfinished(String serverId) {
        return run("read", connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement(SELECT + " WHERE s.server_id = ? AND s.closed_at IS NULL")) {
                select.setString(1, serverId);
                return read(select);
            }
        });
    }

    private static List<SessionRecord> read(PreparedStatement select) throws SQLException {
        List<SessionRecord> records = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                records.add(Rows.read(rows));
            }
        }
        return records;
    }

    private <T> T run(String verb, Work<T> work) {
        try (Connection connection = connections.open()) {
            connection.setAutoCommit(false);
            try {
                migrate(connection);
                T result = work.with(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            }
        } catch (SQLException e) {
            throw new LedgerException("It could not be " + verb + ": " + e.getMessage(), e);
        }
    }

    /** A connection that is lost cannot roll back either; what it was lost at is told. */
    private static void rollBack(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private synchronized void migrate(Connection connection) throws SQLException {
        if (schema == Schema.UNKNOWN) {
            Migrations.run(connection);
            schema = Schema.CURRENT;
        }
    }
}
