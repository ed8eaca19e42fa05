package dev.agentruntime.store;

import dev.agentruntime.api.SnapshotKey;
import dev.agentruntime.api.Tenant;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What is kept of sessions that live, one row each; it goes with the session's end. */
final class KeptTable {

    /** To be selected beside a session's own columns, whose table is {@code s}. */
    static final String COLUMNS = ", k.tenant_issuer, k.tenant_kind, k.tenant_name, k.path, k.passes_token, k.headers,"
            + " k.version_idle_nanos, k.version_lifetime_nanos, k.idle_nanos, k.metered_at, k.memory_bytes, k.baseline_vcpu_nanos, k.snapshot";
    static final String JOIN = " LEFT JOIN agent_session_kept k ON k.row_id = s.row_id";

    private static final String UPDATE = "UPDATE agent_session_kept SET tenant_issuer = ?, tenant_kind = ?, tenant_name = ?, path = ?,"
            + " passes_token = ?, headers = ?, version_idle_nanos = ?, version_lifetime_nanos = ?, idle_nanos = ?, metered_at = ?,"
            + " memory_bytes = ?, baseline_vcpu_nanos = ?, snapshot = ? WHERE row_id = ?";
    private static final String INSERT = "INSERT INTO agent_session_kept (tenant_issuer, tenant_kind, tenant_name, path, passes_token,"
            + " headers, version_idle_nanos, version_lifetime_nanos, idle_nanos, metered_at, memory_bytes, baseline_vcpu_nanos, snapshot, row_id)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String DELETE = "DELETE FROM agent_session_kept WHERE row_id = ?";

    private static final int LONGEST_NAME = 8192;
    private static final int LONGEST_PATH = 1024;
    private static final String SEPARATOR = ",";

    private KeptTable() {}

    /** A session that has ended is not gone on with, and one that does not serve yet is as it was. */
    static void save(Transaction transaction, SessionRecord record) throws SQLException {
        if (record.reasonCode().isPresent() || record.closedAt().isPresent()) {
            run(transaction, DELETE, statement -> statement.setString(1, Rows.rowId(record)));
        } else if (record.kept().isPresent() && run(transaction, UPDATE, statement -> bind(statement, record, record.kept().get())) == 0) {
            run(transaction, INSERT, statement -> bind(statement, record, record.kept().get()));
        }
    }

    private interface Binding {
        void to(PreparedStatement statement) throws SQLException;
    }

    private static int run(Transaction transaction, String sql, Binding binding) throws SQLException {
        try (PreparedStatement statement = transaction.prepare(sql)) {
            binding.to(statement);
            return statement.executeUpdate();
        }
    }

    private static void bind(PreparedStatement row, SessionRecord record, Kept kept) throws SQLException {
        row.setString(1, Texts.cleaned(kept.tenant().issuer(), LONGEST_NAME));
        row.setString(2, kept.tenant().kind().name());
        row.setString(3, Texts.cleaned(kept.tenant().name(), LONGEST_NAME));
        row.setString(4, Texts.cleaned(kept.agent().path(), LONGEST_PATH));
        row.setBoolean(5, kept.agent().passesToken());
        row.setString(6, Texts.cleaned(String.join(SEPARATOR, new TreeSet<>(kept.agent().headers())), LONGEST_NAME));
        bind(row, 7, kept.agent().idleTimeout());
        bind(row, 8, kept.agent().maxLifetime());
        bind(row, 9, kept.idleTimeout());
        row.setObject(10, Rows.time(kept.meteredAt()));
        row.setLong(11, kept.memoryBytes());
        row.setLong(12, kept.baselineVcpuNanos());
        row.setString(13, kept.snapshot().map(SnapshotKey::text).orElse(null));
        row.setString(14, Rows.rowId(record));
    }

    private static void bind(PreparedStatement row, int at, Optional<Duration> duration) throws SQLException {
        if (duration.isPresent()) {
            row.setLong(at, duration.get().toNanos());
        } else {
            row.setNull(at, Types.BIGINT);
        }
    }

    /** Empty where nothing is kept of the session. */
    static Optional<Kept> read(ResultSet row) throws SQLException {
        OffsetDateTime meteredAt = row.getObject("metered_at", OffsetDateTime.class);
        if (meteredAt == null) {
            return Optional.empty();
        }
        String headers = row.getString("headers");
        Tenant.Kind kind = row.getString("tenant_kind").equals(Tenant.Kind.NAMED.name()) ? Tenant.Kind.NAMED : Tenant.Kind.ALONE;
        return Optional.of(new Kept(new Tenant(row.getString("tenant_issuer"), kind, row.getString("tenant_name")),
                new Kept.Agent(row.getString("path"), row.getBoolean("passes_token"),
                        headers.isEmpty() ? Set.of() : Set.copyOf(List.of(headers.split(SEPARATOR))),
                        duration(row, "version_idle_nanos"), duration(row, "version_lifetime_nanos")),
                duration(row, "idle_nanos"), meteredAt.toInstant(), row.getLong("memory_bytes"),
                row.getLong("baseline_vcpu_nanos"), Optional.ofNullable(row.getString("snapshot")).map(SnapshotKey::new)));
    }

    private static Optional<Duration> duration(ResultSet row, String column) throws SQLException {
        long nanos = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }
}
