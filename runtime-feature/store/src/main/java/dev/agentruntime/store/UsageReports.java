package dev.agentruntime.store;

import dev.agentruntime.store.LedgerException.Why;
import dev.agentruntime.store.UsageQuery.By;
import dev.agentruntime.store.UsageQuery.Servers.Which;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sums of what the ledger has. Thread-safe; blocks for some seconds at most. */
public final class UsageReports {

    /** So many rows are read for people at most. */
    public static final int MOST_ROWS = 10_000;

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String SUMS = "COUNT(DISTINCT d.row_id) AS sessions, SUM(d.cpu_nanos) AS cpu, SUM(d.vcpu_nanos) AS vcpu,"
            + " SUM(d.platform_nanos) AS platform, SUM(d.memory_byte_seconds) AS memory, MAX(u.peak_memory_bytes) AS peak,"
            + " SUM(d.invocations) AS invocations, SUM(d.wall_millis) AS wall FROM agent_usage_day d"
            + " JOIN agent_session s ON s.row_id = d.row_id JOIN agent_usage u ON u.row_id = d.row_id"
            + " WHERE d.used_on >= ? AND d.used_on <= ?";

    private final Room room;

    /** Opens nothing yet. */
    public UsageReports(Database database) {
        this.room = Tables.in(database);
    }

    /**
     * The sums that are asked for, in the order of what they are told apart by; one more than {@link #MOST_ROWS} at most. Nothing was
     * used where there is no row.
     *
     * @throws LedgerException the ledger cannot be read
     */
    public List<UsageSum> read(UsageQuery query) {
        return read(query, MOST_ROWS + 1);
    }

    /**
     * The same, of {@code most} rows at most.
     *
     * @throws LedgerException the ledger cannot be read
     */
    public List<UsageSum> read(UsageQuery query, int most) {
        if (query.runtime().filter(name -> !Rows.mayBeThere(name)).isPresent()
                || query.subject().filter(one -> !Rows.mayBeThere(one.issuer()) || !Rows.mayBeThere(one.name())).isPresent()) {
            return List.of();
        }
        try {
            return room.run(LIMIT, transaction -> {
                try (PreparedStatement select = transaction.prepare(sql(query, most))) {
                    bind(select, query);
                    return sums(select, query);
                }
            });
        } catch (SQLException e) {
            throw new LedgerException(why(e), "It could not be read: " + e.getMessage(), e);
        }
    }

    private static Why why(SQLException e) {
        if (e instanceof NotBoundException) {
            return Why.NOT_BOUND;
        }
        return Failures.isAway(e) ? Why.AWAY : Why.REFUSED;
    }

    /** Only names of columns are put together here. */
    private static String sql(UsageQuery query, int most) {
        String columns = String.join(", ", columns(query));
        String where = query.runtime().map(name -> " AND s.runtime = ?").orElse("")
                + query.subject().map(one -> " AND s.owner_issuer = ? AND s.owner_subject = ?").orElse("")
                + query.on().map(servers -> servers.which() == Which.THIS ? " AND s.server_id = ?" : " AND s.server_id <> ?").orElse("");
        String groups = columns.isEmpty() ? "" : " GROUP BY " + columns + " ORDER BY " + columns;
        return "SELECT " + (columns.isEmpty() ? "" : columns + ", ") + SUMS + where + groups
                + " FETCH FIRST " + most + " ROWS ONLY";
    }

    private static List<String> columns(UsageQuery query) {
        List<String> columns = new ArrayList<>();
        if (query.by().contains(By.DAY)) {
            columns.add("d.used_on");
        }
        if (tellsRuntime(query)) {
            columns.add("s.runtime");
        }
        if (tellsSubject(query)) {
            columns.add("s.owner_issuer");
            columns.add("s.owner_subject");
        }
        if (query.by().contains(By.SESSION)) {
            columns.add("s.created_at");
            columns.add("s.session_id");
            columns.add("s.row_id");
        }
        return columns;
    }

    private static boolean tellsRuntime(UsageQuery query) {
        return query.by().contains(By.AGENT) || query.by().contains(By.SESSION);
    }

    private static boolean tellsSubject(UsageQuery query) {
        return query.by().contains(By.SUBJECT) || query.by().contains(By.SESSION);
    }

    private static void bind(PreparedStatement select, UsageQuery query) throws SQLException {
        select.setObject(1, query.from());
        select.setObject(2, query.to());
        int next = 3;
        if (query.runtime().isPresent()) {
            select.setString(next++, query.runtime().get());
        }
        if (query.subject().isPresent()) {
            select.setString(next++, query.subject().get().issuer());
            select.setString(next++, query.subject().get().name());
        }
        if (query.on().isPresent()) {
            select.setString(next, Rows.serverId(query.on().get().serverId()));
        }
    }

    private static List<UsageSum> sums(PreparedStatement select, UsageQuery query) throws SQLException {
        List<UsageSum> sums = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                if (rows.getLong("sessions") > 0) {
                    sums.add(sum(rows, query));
                }
            }
        }
        return sums;
    }

    private static UsageSum sum(ResultSet row, UsageQuery query) throws SQLException {
        return new UsageSum(
                query.by().contains(By.SESSION) ? Optional.of(row.getString("session_id")) : Optional.empty(),
                tellsRuntime(query) ? Optional.of(row.getString("runtime")) : Optional.empty(),
                tellsSubject(query) ? Optional.of(Rows.owner(row)) : Optional.empty(),
                query.by().contains(By.DAY) ? Optional.of(row.getObject("used_on", LocalDate.class)) : Optional.empty(),
                row.getLong("sessions"), whole(row, "cpu"), whole(row, "vcpu"), whole(row, "platform"), row.getBigDecimal("memory"),
                row.getLong("peak"), whole(row, "invocations"), Duration.ofMillis(whole(row, "wall")));
    }

    /** Sums of large numbers may be larger than any of them. */
    private static long whole(ResultSet row, String column) throws SQLException {
        return row.getBigDecimal(column).min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
    }
}
