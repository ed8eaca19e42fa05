package dev.agentruntime.runtime.ledger;

import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Usage;
import dev.agentruntime.runtime.SessionRecord;
import java.math.RoundingMode;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Records as rows, in the order of the statements' parameters. */
final class Rows {

    private static final int LONGEST_REASON = 4000;

    private Rows() {}

    /** Answers the index of the next parameter. */
    static int bindChanging(PreparedStatement statement, SessionRecord record) throws SQLException {
        SessionView view = record.view();
        statement.setString(1, view.digest());
        statement.setString(2, view.status().name());
        statement.setObject(3, time(view.lastActivityAt()));
        bindTime(statement, 4, record.closedAt());
        bindText(statement, 5, view.startMode().map(StartMode::name));
        bindLong(statement, 6, view.startTime().map(Duration::toNanos));
        bindText(statement, 7, view.vm());
        bindText(statement, 8, record.reasonCode());
        bindText(statement, 9, view.terminationReason().map(Rows::shortened));
        bindLong(statement, 10, record.baselineCpuNanos());
        return 11;
    }

    static void bindFixed(PreparedStatement statement, SessionRecord record, int first) throws SQLException {
        SessionView view = record.view();
        statement.setString(first, record.rowId());
        statement.setString(first + 1, record.serverId());
        statement.setString(first + 2, view.runtime());
        statement.setString(first + 3, view.sessionId());
        statement.setString(first + 4, view.subject().issuer());
        statement.setString(first + 5, view.subject().name());
        statement.setObject(first + 6, time(view.createdAt()));
    }

    static void bindUsage(PreparedStatement statement, SessionRecord record) throws SQLException {
        Usage usage = record.view().usage();
        statement.setLong(1, usage.cpuNanos());
        statement.setBigDecimal(2, usage.memoryByteSeconds().setScale(9, RoundingMode.HALF_UP));
        statement.setLong(3, usage.peakMemoryBytes());
        statement.setLong(4, usage.invocations());
        statement.setString(5, usage.source().name());
        statement.setString(6, record.rowId());
    }

    static SessionRecord read(ResultSet row) throws SQLException {
        SessionView view = new SessionView(
                row.getString("session_id"), row.getString("runtime"), row.getString("version"),
                SessionView.Status.valueOf(row.getString("status")),
                new Subject(row.getString("owner_issuer"), row.getString("owner_subject")),
                instant(row, "created_at").orElseThrow(), instant(row, "last_activity_at").orElseThrow(),
                text(row, "start_mode").map(StartMode::valueOf), number(row, "start_nanos").map(Duration::ofNanos),
                text(row, "vm"), text(row, "reason"), usage(row));
        return new SessionRecord(row.getString("row_id"), row.getString("server_id"), view,
                number(row, "baseline_cpu_nanos"), text(row, "reason_code"), instant(row, "closed_at"));
    }

    private static Usage usage(ResultSet row) throws SQLException {
        return new Usage(row.getLong("cpu_nanos"), row.getBigDecimal("memory_byte_seconds"),
                row.getLong("peak_memory_bytes"), row.getLong("invocations"),
                MeterSource.valueOf(row.getString("source")));
    }

    /** Databases keep microseconds. */
    static OffsetDateTime time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    private static String shortened(String reason) {
        return reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) : reason;
    }

    private static void bindTime(PreparedStatement statement, int at, Optional<Instant> value) throws SQLException {
        if (value.isPresent()) {
            statement.setObject(at, time(value.get()));
        } else {
            statement.setNull(at, Types.TIMESTAMP_WITH_TIMEZONE);
        }
    }

    private static void bindText(PreparedStatement statement, int at, Optional<String> value) throws SQLException {
        statement.setString(at, value.orElse(null));
    }

    private static void bindLong(PreparedStatement statement, int at, Optional<Long> value) throws SQLException {
        if (value.isPresent()) {
            statement.setLong(at, value.get());
        } else {
            statement.setNull(at, Types.BIGINT);
        }
    }

    private static Optional<String> text(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }

    private static Optional<Long> number(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(value);
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }
}
