package dev.agentruntime.store;

import dev.agentruntime.api.Usage;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * What a session has used on each day, in UTC. A day's row is what the session has used in all without what its other days have, so
 * that the days' sum is the whole, however often and in which order records are written; no row ever falls.
 */
final class UsageDays {

    /** What only days have: H2 lets nobody else work while it adds columns to a table. */
    static final String COLUMNS_OF_S = " (SELECT COALESCE(SUM(d.vcpu_nanos), 0) FROM agent_usage_day d WHERE d.row_id = s.row_id) AS vcpu_nanos,"
            + " (SELECT COALESCE(SUM(d.platform_nanos), 0) FROM agent_usage_day d WHERE d.row_id = s.row_id) AS platform_nanos,"
            + " (SELECT MAX(d.used_until) FROM agent_usage_day d WHERE d.row_id = s.row_id) AS used_until";

    private static final String SELECT = "SELECT used_on, cpu_nanos, vcpu_nanos, platform_nanos, memory_byte_seconds, invocations, wall_millis,"
            + " used_until FROM agent_usage_day WHERE row_id = ?";
    private static final String UPDATE = "UPDATE agent_usage_day SET cpu_nanos = ?, vcpu_nanos = ?, platform_nanos = ?, memory_byte_seconds = ?,"
            + " invocations = ?, wall_millis = ?, used_until = ? WHERE row_id = ? AND used_on = ?";
    private static final String INSERT = "INSERT INTO agent_usage_day (cpu_nanos, vcpu_nanos, platform_nanos, memory_byte_seconds,"
            + " invocations, wall_millis, used_until, row_id, used_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private UsageDays() {}

    /** The figures of a row, or of several together. */
    private record Figures(long cpu, long vcpu, long platform, BigDecimal memory, long invocations, long wallMillis, Instant until) {

        static final Figures NONE = new Figures(0, 0, 0, BigDecimal.ZERO, 0, 0, Instant.EPOCH);

        static Figures of(SessionRecord record) {
            Usage usage = record.view().usage();
            Duration wall = Duration.between(record.view().createdAt(), record.usedUntil());
            return new Figures(usage.cpuNanos(), usage.vcpuNanos(), usage.platformNanos(), Rows.memory(usage.memoryByteSeconds()),
                    usage.invocations(), wall.isNegative() ? 0 : wall.toMillis(), record.usedUntil());
        }

        static Figures read(ResultSet row) throws SQLException {
            return new Figures(row.getLong("cpu_nanos"), row.getLong("vcpu_nanos"), row.getLong("platform_nanos"),
                    row.getBigDecimal("memory_byte_seconds"), row.getLong("invocations"), row.getLong("wall_millis"),
                    row.getObject("used_until", OffsetDateTime.class).toInstant());
        }

        Figures plus(Figures other) {
            return new Figures(cpu + other.cpu, vcpu + other.vcpu, platform + other.platform, memory.add(other.memory),
                    invocations + other.invocations, wallMillis + other.wallMillis, until);
        }

        Figures minus(Figures other) {
            return new Figures(cpu - other.cpu, vcpu - other.vcpu, platform - other.platform, memory.subtract(other.memory),
                    invocations - other.invocations, wallMillis - other.wallMillis, until);
        }

        Figures atLeast(Figures other) {
            return new Figures(Math.max(cpu, other.cpu), Math.max(vcpu, other.vcpu), Math.max(platform, other.platform),
                    memory.max(other.memory), Math.max(invocations, other.invocations), Math.max(wallMillis, other.wallMillis),
                    until.isAfter(other.until) ? until : other.until);
        }

        void bind(PreparedStatement statement, String row, LocalDate day) throws SQLException {
            statement.setLong(1, cpu);
            statement.setLong(2, vcpu);
            statement.setLong(3, platform);
            statement.setBigDecimal(4, memory);
            statement.setLong(5, invocations);
            statement.setLong(6, wallMillis);
            statement.setObject(7, Rows.time(until));
            statement.setString(8, row);
            statement.setObject(9, day);
        }
    }

    /** Days that have a row. */
    private record Days(LocalDate latest, Figures onLatest, Figures onOthers) {

        static Days before(LocalDate first) {
            return new Days(first, Figures.NONE, Figures.NONE);
        }

        Days with(LocalDate day, Figures figures) {
            return day.isBefore(latest) ? new Days(latest, onLatest, onOthers.plus(figures))
                    : new Days(day, figures, onOthers.plus(onLatest));
        }
    }

    static void save(Transaction transaction, SessionRecord record) throws SQLException {
        String row = Rows.rowId(record);
        LocalDate day = record.usedUntil().atOffset(ZoneOffset.UTC).toLocalDate();
        Days days = read(transaction, row);
        // Whoever sets the clock back adds to the latest day.
        Days now = days.latest().isBefore(day) ? days.with(day, Figures.NONE) : days;
        Figures figures = Figures.of(record).minus(now.onOthers()).atLeast(now.onLatest());
        try (PreparedStatement update = transaction.prepare(UPDATE)) {
            figures.bind(update, row, now.latest());
            if (update.executeUpdate() == 0) {
                try (PreparedStatement insert = transaction.prepare(INSERT)) {
                    figures.bind(insert, row, now.latest());
                    insert.executeUpdate();
                }
            }
        }
    }

    private static Days read(Transaction transaction, String row) throws SQLException {
        try (PreparedStatement select = transaction.prepare(SELECT)) {
            select.setString(1, row);
            try (ResultSet rows = select.executeQuery()) {
                Days days = Days.before(LocalDate.EPOCH);
                while (rows.next()) {
                    days = days.with(rows.getObject("used_on", LocalDate.class), Figures.read(rows));
                }
                return days;
            }
        }
    }
}
