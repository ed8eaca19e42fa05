package dev.agentruntime.store;

import dev.agentruntime.api.Caller;
import dev.agentruntime.store.LedgerException.Why;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The ledger in a relational database, in standard SQL: H2 and PostgreSQL are tried. */
public final class JdbcLedger implements Ledger {

    private static final int MOST_LISTED = 1000;
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(10);
    private static final Duration MORE_FOR_EACH_RECORD = Duration.ofMillis(50);
    private static final Duration READ_LIMIT = Duration.ofSeconds(5);
    /** So many callers may read at once; they are not to take every connection from those who write. */
    private static final int MOST_READERS = 4;

    private static final String COLUMNS = "SELECT s.row_id, s.server_id, s.runtime, s.session_id, s.version, s.status,"
            + " s.owner_issuer, s.owner_subject, s.created_at, s.last_activity_at, s.closed_at, s.start_mode,"
            + " s.start_nanos, s.vm, s.reason_code, s.reason, s.baseline_cpu_nanos, u.cpu_nanos,"
            + UsageDays.COLUMNS_OF_S + ","
            + " u.memory_byte_seconds, u.peak_memory_bytes, u.invocations, u.source";
    private static final String TABLES = " FROM agent_session s JOIN agent_usage u ON u.row_id = s.row_id";
    private static final String SELECT = COLUMNS + TABLES;
    private static final String SELECT_KEPT = COLUMNS + KeptTable.COLUMNS + TABLES + KeptTable.JOIN;
    private static final String UPDATE_SESSION = "UPDATE agent_session SET version = ?, status = ?,"
            + " last_activity_at = ?, closed_at = ?, start_mode = ?, start_nanos = ?, vm = ?, reason_code = ?,"
            + " reason = ?, baseline_cpu_nanos = ? WHERE closed_at IS NULL AND row_id = ?";
    private static final String INSERT_SESSION = "INSERT INTO agent_session (version, status, last_activity_at,"
            + " closed_at, start_mode, start_nanos, vm, reason_code, reason, baseline_cpu_nanos, row_id, server_id,"
            + " runtime, session_id, owner_issuer, owner_subject, created_at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String UPDATE_USAGE = "UPDATE agent_usage SET cpu_nanos = GREATEST(cpu_nanos, ?),"
            + " memory_byte_seconds = GREATEST(memory_byte_seconds, ?), peak_memory_bytes = GREATEST(peak_memory_bytes, ?),"
            + " invocations = GREATEST(invocations, ?), source = ? WHERE row_id = ?";
    private static final String INSERT_USAGE = "INSERT INTO agent_usage (cpu_nanos, memory_byte_seconds,"
            + " peak_memory_bytes, invocations, source, row_id) VALUES (?, ?, ?, ?, ?, ?)";

    private final Room room;
    private final Semaphore readers = new Semaphore(MOST_READERS, true);

    /** Opens nothing yet; the tables are made or brought up to date at the first use. */
    public JdbcLedger(Database database) {
        this.room = Tables.in(database);
    }

    @Override
    public void save(List<SessionRecord> records) {
        run("written", WRITE_LIMIT.plus(MORE_FOR_EACH_RECORD.multipliedBy(records.size())), transaction -> {
            for (SessionRecord record : records) {
                save(transaction, record);
            }
            return records.size();
        });
    }

    @Override
    public void probe() {
        try {
            run("written", WRITE_LIMIT, transaction -> {
                save(transaction, Probe.record());
                throw new Probe.Passed();
            });
        } catch (Probe.Passed e) {
            // The record was taken, and the transaction is rolled back.
        }
    }

    private static void save(Transaction transaction, SessionRecord record) throws SQLException {
        if (!updated(transaction, record) && !isThere(transaction, record)) {
            try (PreparedStatement insert = transaction.prepare(INSERT_SESSION)) {
                Rows.bindFixed(insert, record, Rows.bindChanging(insert, record));
                insert.executeUpdate();
            }
        }
        try (PreparedStatement update = transaction.prepare(UPDATE_USAGE)) {
            Rows.bindUsage(update, record);
            if (update.executeUpdate() == 0) {
                try (PreparedStatement insert = transaction.prepare(INSERT_USAGE)) {
                    Rows.bindUsage(insert, record);
                    insert.executeUpdate();
                }
            }
        }
        UsageDays.save(transaction, record);
        KeptTable.save(transaction, record);
    }

    private static boolean updated(Transaction transaction, SessionRecord record) throws SQLException {
        try (PreparedStatement update = transaction.prepare(UPDATE_SESSION)) {
            update.setString(Rows.bindChanging(update, record), Rows.rowId(record));
            return update.executeUpdate() > 0;
        }
    }

    private static boolean isThere(Transaction transaction, SessionRecord record) throws SQLException {
        try (PreparedStatement select = transaction.prepare("SELECT 1 FROM agent_session WHERE row_id = ?")) {
            select.setString(1, Rows.rowId(record));
            try (ResultSet rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }

    @Override
    public List<SessionRecord> recent(String runtime, Caller caller, Instant since) {
        String where = " WHERE s.runtime = ? AND (s.closed_at IS NULL OR s.closed_at > ?)";
        String own = " AND s.owner_issuer = ? AND s.owner_subject = ?";
        String order = " ORDER BY s.created_at DESC FETCH FIRST " + MOST_LISTED + " ROWS ONLY";
        String issuer = caller.subject().issuer();
        String name = caller.subject().name();
        if (!Rows.mayBeThere(runtime) || !caller.admin() && !(Rows.mayBeThere(issuer) && Rows.mayBeThere(name))) {
            return List.of();
        }
        return read(transaction -> {
            try (PreparedStatement select = transaction.prepare(SELECT + where + (caller.admin() ? "" : own) + order)) {
                select.setString(1, runtime);
                select.setObject(2, Rows.time(since));
                if (!caller.admin()) {
                    select.setString(3, issuer);
                    select.setString(4, name);
                }
                return read(select);
            }
        });
    }

    @Override
    public Optional<SessionRecord> latest(String runtime, String sessionId) {
        String sql = SELECT + " WHERE s.runtime = ? AND s.session_id = ? ORDER BY s.created_at DESC FETCH FIRST 1 ROWS ONLY";
        if (!Rows.mayBeThere(runtime) || !Rows.mayBeThere(sessionId)) {
            return Optional.empty();
        }
        return read(transaction -> {
            try (PreparedStatement select = transaction.prepare(sql)) {
                select.setString(1, runtime);
                select.setString(2, sessionId);
                return read(select).stream().findFirst();
            }
        });
    }

    @Override
    public List<SessionRecord> unfinished(String serverId) {
        return run("read", WRITE_LIMIT, transaction -> {
            try (PreparedStatement select =
                    transaction.prepare(SELECT_KEPT + " WHERE s.server_id = ? AND s.closed_at IS NULL")) {
                select.setString(1, Rows.serverId(serverId));
                return read(select, row -> Rows.read(row).keeping(KeptTable.read(row)));
            }
        });
    }

    private interface Reading {
        SessionRecord of(ResultSet row) throws SQLException;
    }

    private static List<SessionRecord> read(PreparedStatement select) throws SQLException {
        return read(select, Rows::read);
    }

    private static List<SessionRecord> read(PreparedStatement select, Reading reading) throws SQLException {
        List<SessionRecord> records = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                records.add(reading.of(rows));
            }
        }
        return records;
    }

    private <T> T read(Room.Work<T> work) {
        try {
            if (!readers.tryAcquire(READ_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new LedgerException(Why.AWAY, "It could not be read: too many others read it.", new TimeoutException());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerException(Why.AWAY, "It could not be read: interrupted.", e);
        }
        try {
            return run("read", READ_LIMIT, work);
        } finally {
            readers.release();
        }
    }

    private <T> T run(String verb, Duration limit, Room.Work<T> work) {
        try {
            return room.run(limit, work);
        } catch (SQLException e) {
            throw new LedgerException(why(e), "It could not be " + verb + ": " + e.getMessage(), e);
        } catch (ArithmeticException | DateTimeException | IllegalArgumentException e) {
            throw new LedgerException(Why.REFUSED, "It could not be " + verb + ", because it has a value out of range: " + e.getMessage(), e);
        }
    }

    private static Why why(SQLException e) {
        if (e instanceof NotBoundException) {
            return Why.NOT_BOUND;
        }
        return Failures.isAway(e) ? Why.AWAY : Why.REFUSED;
    }
}
