package dev.agentruntime.accounting;

import dev.agentruntime.accounting.InvocationPage.Mark;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.Subject;
import dev.agentruntime.spi.InvocationUse;
import dev.agentruntime.store.Database;
import dev.agentruntime.store.LedgerException;
import dev.agentruntime.store.LedgerException.Why;
import dev.agentruntime.store.Room;
import java.math.RoundingMode;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The table of what invocations have used. Thread-safe; blocks for some seconds at most, and throws {@link LedgerException}. */
final class InvocationStore {

    /** So many rows stay at most, however young; about 300 bytes each. */
    static final int MOST_KEPT = 2_000_000;

    private static final int NEWEST = 1;
    private static final int LONGEST_NAME = 8192;
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String INSERT = "INSERT INTO agent_invocation_usage (request_id, runtime, session_id, owner_issuer, owner_subject, began_at,"
            + " took_millis, outcome, cpu_nanos, vcpu_nanos, memory_byte_seconds) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String SELECT = "SELECT request_id, runtime, session_id, owner_issuer, owner_subject, began_at, took_millis, outcome, cpu_nanos,"
            + " vcpu_nanos, memory_byte_seconds FROM agent_invocation_usage WHERE began_at >= ? AND began_at < ?";
    private static final String AFTER = " AND (began_at > ? OR began_at = ? AND request_id > ?)";

    private final Room room;
    private final int mostKept;

    /** Opens nothing yet; the table is made at the first use. */
    InvocationStore(Database database) {
        this(database, MOST_KEPT);
    }

    InvocationStore(Database database, int mostKept) {
        this.room = database.room("accounting", InvocationStore.class, NEWEST);
        this.mostKept = mostKept;
    }

    /** All or none of them; those that are there already are there once. */
    void save(List<InvocationRow> rows) {
        run("written", transaction -> {
            try (PreparedStatement delete = transaction.prepare("DELETE FROM agent_invocation_usage WHERE request_id = ?");
                    PreparedStatement insert = transaction.prepare(INSERT)) {
                for (InvocationRow row : rows) {
                    delete.setString(1, row.use().requestId());
                    delete.addBatch();
                    bind(insert, row);
                    insert.addBatch();
                }
                delete.executeBatch();
                return insert.executeBatch().length;
            }
        });
    }

    private static void bind(PreparedStatement insert, InvocationRow row) throws SQLException {
        insert.setString(1, row.use().requestId());
        insert.setString(2, row.runtime());
        insert.setString(3, row.sessionId());
        insert.setString(4, storable(row.owner().issuer()));
        insert.setString(5, storable(row.owner().name()));
        insert.setObject(6, time(row.use().began()));
        insert.setLong(7, row.use().took().toMillis());
        insert.setString(8, row.use().outcome().name());
        insert.setLong(9, row.use().cpuNanos());
        insert.setLong(10, row.use().vcpuNanos());
        insert.setBigDecimal(11, row.use().memoryByteSeconds().setScale(9, RoundingMode.HALF_UP));
    }

    /** PostgreSQL has no character that is zero; a name that has one finds nothing. */
    private static String storable(String text) {
        return text.substring(0, Math.min(LONGEST_NAME, text.length())).replace('\0', '\uFFFD');
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    /** The invocations of a page, in their order; one more than {@code page.most()} where there are more. */
    List<InvocationRow> read(InvocationPage page) {
        String where = page.runtime().map(name -> " AND runtime = ?").orElse("") + page.session().map(id -> " AND session_id = ?").orElse("")
                + page.subject().map(one -> " AND owner_issuer = ? AND owner_subject = ?").orElse("") + page.after().map(mark -> AFTER).orElse("");
        return run("read", transaction -> {
            try (PreparedStatement select = transaction.prepare(
                    SELECT + where + " ORDER BY began_at, request_id FETCH FIRST " + (page.most() + 1) + " ROWS ONLY")) {
                bind(select, page);
                List<InvocationRow> rows = new ArrayList<>();
                try (ResultSet found = select.executeQuery()) {
                    while (found.next()) {
                        rows.add(row(found));
                    }
                }
                return rows;
            }
        });
    }

    private static void bind(PreparedStatement select, InvocationPage page) throws SQLException {
        select.setObject(1, time(midnight(page.from())));
        select.setObject(2, time(midnight(page.to().plusDays(1))));
        int next = 3;
        List<String> names = Stream.of(page.runtime().stream(), page.session().stream(), page.subject().stream().flatMap(one -> Stream.of(one.issuer(), one.name())))
                .flatMap(all -> all).map(InvocationStore::storable).toList();
        for (String name : names) {
            select.setString(next++, name);
        }
        if (page.after().isPresent()) {
            Mark mark = page.after().get();
            select.setObject(next++, time(mark.began()));
            select.setObject(next++, time(mark.began()));
            select.setString(next, mark.requestId());
        }
    }

    private static Instant midnight(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static InvocationRow row(ResultSet row) throws SQLException {
        return new InvocationRow(row.getString("runtime"), row.getString("session_id"), new Subject(row.getString("owner_issuer"), row.getString("owner_subject")),
                new InvocationUse(row.getString("request_id"), row.getObject("began_at", OffsetDateTime.class).toInstant(),
                        Duration.ofMillis(row.getLong("took_millis")), Invocation.Outcome.valueOf(row.getString("outcome")), row.getLong("cpu_nanos"),
                        row.getLong("vcpu_nanos"), row.getBigDecimal("memory_byte_seconds")));
    }

    /** Removes what began before, and of what is left all but the youngest. */
    void remove(Instant before) {
        run("shortened", transaction -> {
            Instant bound = before;
            try (PreparedStatement select = transaction.prepare("SELECT began_at FROM agent_invocation_usage ORDER BY began_at DESC OFFSET " + mostKept
                    + " ROWS FETCH FIRST 1 ROWS ONLY"); ResultSet oldest = select.executeQuery()) {
                if (oldest.next()) {
                    Instant first = oldest.getObject(1, OffsetDateTime.class).toInstant().plus(1, ChronoUnit.MICROS);
                    bound = first.isAfter(before) ? first : before;
                }
            }
            try (PreparedStatement delete = transaction.prepare("DELETE FROM agent_invocation_usage WHERE began_at < ?")) {
                delete.setObject(1, time(bound));
                return delete.executeUpdate();
            }
        });
    }

    private <T> T run(String verb, Room.Work<T> work) {
        try {
            return room.run(LIMIT, work);
        } catch (SQLException e) {
            throw new LedgerException(Why.AWAY, "The usage by invocation could not be " + verb + ": " + e.getMessage(), e);
        }
    }
}
