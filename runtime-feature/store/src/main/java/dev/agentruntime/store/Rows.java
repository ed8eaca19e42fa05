package dev.agentruntime.store;

import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Usage;
import java.math.BigDecimal;
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
import java.util.Arrays;
import java.util.Optional;

/**
 * Records as rows, in the order of the statements' parameters. The one place where text and numbers are fitted to their
 * columns, so that no record can be refused for what a guest or a token wrote into it.
 */
final class Rows {

    /** NUMERIC(38, 9). */
    private static final BigDecimal MOST_MEMORY = BigDecimal.TEN.pow(29).subtract(BigDecimal.ONE);
    private static final int LONGEST_TEXT = 8192;

    /** The columns of text and how many characters each takes. */
    private enum Column {
        ROW_ID(36), SERVER_ID(64), RUNTIME(64), SESSION_ID(256), VERSION(64), STATUS(16), OWNER(8192), START_MODE(16), VM(128),
        REASON_CODE(32), REASON(4000), SOURCE(16);

        private final int most;

        Column(int most) {
            this.most = most;
        }

        String fit(String text) {
            return Texts.cleaned(text, most);
        }
    }

    private Rows() {}

    static String rowId(SessionRecord record) {
        return Column.ROW_ID.fit(record.rowId());
    }

    static String serverId(String serverId) {
        return Column.SERVER_ID.fit(serverId);
    }

    /** Whether a row may have such a text in it; another is not even asked for. */
    static boolean mayBeThere(String text) {
        return Texts.isStorable(text, LONGEST_TEXT);
    }

    /** Returns the index of the next parameter. */
    static int bindChanging(PreparedStatement statement, SessionRecord record) throws SQLException {
        SessionView view = record.view();
        statement.setString(1, Column.VERSION.fit(view.digest()));
        statement.setString(2, Column.STATUS.fit(view.status().name()));
        statement.setObject(3, time(view.lastActivityAt()));
        bindTime(statement, 4, record.closedAt());
        bindText(statement, 5, view.startMode().map(StartMode::name).map(Column.START_MODE::fit));
        bindLong(statement, 6, view.startTime().map(Duration::toNanos));
        bindText(statement, 7, view.vm().map(Column.VM::fit));
        bindText(statement, 8, record.reasonCode().map(Column.REASON_CODE::fit));
        bindText(statement, 9, view.terminationReason().map(Column.REASON::fit));
        bindLong(statement, 10, record.baselineCpuNanos());
        return 11;
    }

    static void bindFixed(PreparedStatement statement, SessionRecord record, int first) throws SQLException {
        SessionView view = record.view();
        statement.setString(first, rowId(record));
        statement.setString(first + 1, serverId(record.serverId()));
        statement.setString(first + 2, Column.RUNTIME.fit(view.runtime()));
        statement.setString(first + 3, Column.SESSION_ID.fit(view.sessionId()));
        statement.setString(first + 4, Column.OWNER.fit(view.subject().issuer()));
        statement.setString(first + 5, Column.OWNER.fit(view.subject().name()));
        statement.setObject(first + 6, time(view.createdAt()));
    }

    static void bindUsage(PreparedStatement statement, SessionRecord record) throws SQLException {
        Usage usage = record.view().usage();
        statement.setLong(1, usage.cpuNanos());
        statement.setBigDecimal(2, memory(usage.memoryByteSeconds()));
        statement.setLong(3, usage.peakMemoryBytes());
        statement.setLong(4, usage.invocations());
        statement.setString(5, Column.SOURCE.fit(usage.source().name()));
        statement.setString(6, rowId(record));
    }

    /** As much as its column takes. */
    static BigDecimal memory(BigDecimal byteSeconds) {
        return byteSeconds.min(MOST_MEMORY).setScale(9, RoundingMode.HALF_UP);
    }

    static SessionRecord read(ResultSet row) throws SQLException {
        SessionView view = new SessionView(
                row.getString("session_id"), row.getString("runtime"), row.getString("version"),
                known(SessionView.Status.class, row.getString("status")).orElse(SessionView.Status.TERMINATED),
                owner(row),
                instant(row, "created_at").orElseThrow(), instant(row, "last_activity_at").orElseThrow(),
                text(row, "start_mode").flatMap(mode -> known(StartMode.class, mode)), number(row, "start_nanos").map(Duration::ofNanos),
                text(row, "vm"), text(row, "reason"), usage(row));
        return new SessionRecord(row.getString("row_id"), row.getString("server_id"), view,
                number(row, "baseline_cpu_nanos"), text(row, "reason_code"), instant(row, "closed_at"),
                instant(row, "used_until").orElseThrow());
    }

    static Subject owner(ResultSet row) throws SQLException {
        return new Subject(row.getString("owner_issuer"), row.getString("owner_subject"));
    }

    private static Usage usage(ResultSet row) throws SQLException {
        return new Usage(row.getLong("cpu_nanos"), row.getLong("vcpu_nanos"), row.getLong("platform_nanos"), row.getBigDecimal("memory_byte_seconds"),
                row.getLong("peak_memory_bytes"), row.getLong("invocations"),
                known(MeterSource.class, row.getString("source")).orElse(MeterSource.HYPERVISOR));
    }

    /** A row that another version of the platform wrote must not keep the others from being read. */
    private static <E extends Enum<E>> Optional<E> known(Class<E> type, String name) {
        return Arrays.stream(type.getEnumConstants()).filter(constant -> constant.name().equals(name)).findFirst();
    }

    /** Databases keep microseconds. */
    static OffsetDateTime time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
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
