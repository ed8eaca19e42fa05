package dev.agentruntime.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Usage;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * On H2 in a file; on another database with {@code -Dagentruntime.ledger.url=jdbc:postgresql:…}, whose
 * tables of these names are dropped.
 */
final class JdbcLedgerTest {

    private static final Subject ALICE = new Subject("https://idp", "alice");
    private static final Subject BOB = new Subject("https://idp", "bob");
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123456Z");

    @TempDir
    Path folder;

    private JdbcLedger ledger;

    @BeforeEach
    void open() throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            for (String table : List.of("agent_usage", "agent_session", "agent_session_owner", "agent_schema", "agent_schema_version")) {
                statement.execute("DROP TABLE IF EXISTS " + table);
            }
        }
        ledger = new JdbcLedger(new Database(this::connect));
    }

    @Test
    void whatWasWrittenIsReadAgain() {
        SessionRecord full = new SessionRecord("row-1", "server1",
                new SessionView("id-1", "hello", "abcdef012345", SessionView.Status.TERMINATED, ALICE, NOON,
                        NOON.plusSeconds(5), Optional.of(StartMode.CLONE), Optional.of(Duration.ofMillis(450)),
                        Optional.of("agrt-server1-s1"), Optional.of("Stopped by alice."),
                        new Usage(123, new BigDecimal("98765432109876543210.123456789"), 456, 7, MeterSource.CGROUP)),
                Optional.of(99L), Optional.of("STOPPED"), Optional.of(NOON.plusSeconds(9)));
        ledger.save(List.of(full));
        assertThat(ledger.latest("hello", "id-1")).contains(full);
    }

    @Test
    void aSessionThatIsStillStartingIsReadAgain() {
        SessionRecord starting = record("row-1", "id-1", ALICE, NOON, Optional.empty(), 0);
        ledger.save(List.of(starting));
        assertThat(ledger.unfinished("server1")).containsExactly(starting);
    }

    @Test
    void aLaterRecordReplacesTheEarlierOne() {
        ledger.save(List.of(record("row-1", "id-1", ALICE, NOON, Optional.empty(), 1)));
        ledger.save(List.of(record("row-1", "id-1", ALICE, NOON, Optional.of(NOON), 2)));
        assertThat(ledger.latest("hello", "id-1")).hasValueSatisfying(
                row -> assertThat(row.view().usage().cpuNanos()).isEqualTo(2));
        assertThat(ledger.unfinished("server1")).isEmpty();
    }

    @Test
    void theLatestSessionOfAnIdCounts() {
        ledger.save(List.of(record("row-2", "id-1", ALICE, NOON.plusSeconds(60), Optional.empty(), 2),
                record("row-1", "id-1", ALICE, NOON, Optional.of(NOON), 1)));
        assertThat(ledger.latest("hello", "id-1").map(SessionRecord::rowId)).contains("row-2");
        assertThat(ledger.latest("hello", "id-2")).isEmpty();
        assertThat(ledger.latest("other", "id-1")).isEmpty();
    }

    @Test
    void callersSeeTheirOwnAndAdminsAllNewestFirst() {
        ledger.save(List.of(record("row-1", "id-1", ALICE, NOON, Optional.empty(), 0),
                record("row-2", "id-2", BOB, NOON.plusSeconds(1), Optional.empty(), 0),
                record("row-3", "id-3", new Subject("https://other", "alice"), NOON.plusSeconds(2), Optional.empty(), 0)));
        assertThat(rows(new Caller(ALICE, false), NOON)).containsExactly("row-1");
        assertThat(rows(new Caller(ALICE, true), NOON)).containsExactly("row-3", "row-2", "row-1");
    }

    @Test
    void sessionsThatEndedBeforeAreNotListed() {
        ledger.save(List.of(record("row-1", "id-1", ALICE, NOON, Optional.of(NOON.plusSeconds(5)), 0),
                record("row-2", "id-2", ALICE, NOON, Optional.of(NOON.plusSeconds(20)), 0)));
        assertThat(rows(new Caller(ALICE, false), NOON.plusSeconds(10))).containsExactly("row-2");
    }

    @Test
    void onlyThisServersSessionsAreUnfinished() {
        ledger.save(List.of(record("row-1", "id-1", ALICE, NOON, Optional.empty(), 0)));
        assertThat(ledger.unfinished("server2")).isEmpty();
    }

    @Test
    void hostileTextStaysText() {
        Subject hostile = new Subject("'; DROP TABLE agent_session; --", "\u202e\"%_\\");
        SessionRecord record = record("row-1", "id-1", hostile, NOON, Optional.empty(), 0);
        ledger.save(List.of(record));
        assertThat(rows(new Caller(hostile, false), NOON)).containsExactly("row-1");
    }

    @Test
    void rowsSurviveARestart() {
        ledger.save(List.of(record("row-1", "id-1", ALICE, NOON, Optional.empty(), 3)));
        assertThat(new JdbcLedger(new Database(this::connect)).latest("hello", "id-1")).isPresent();
    }

    @Test
    void aMissingDatabaseIsALedgerException() {
        JdbcLedger none = new JdbcLedger(new Database(() -> {
            throw new SQLException("There is no data source yet.");
        }));
        assertThatThrownBy(() -> none.latest("hello", "id-1")).isInstanceOf(LedgerException.class)
                .hasMessageContaining("There is no data source yet.");
    }

    private List<String> rows(Caller caller, Instant since) {
        return ledger.recent("hello", caller, since).stream().map(SessionRecord::rowId).toList();
    }

    private static SessionRecord record(
            String row, String id, Subject owner, Instant created, Optional<Instant> closed, long cpu) {
        return new SessionRecord(row, "server1",
                new SessionView(id, "hello", "", SessionView.Status.PROVISIONING, owner, created, created,
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                        new Usage(cpu, new BigDecimal("0.000000000"), 0, 0, MeterSource.HYPERVISOR)),
                Optional.empty(), Optional.empty(), closed);
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(System.getProperty(
                "agentruntime.ledger.url", "jdbc:h2:file:" + folder.resolve("ledger") + ";USER=sa"));
    }
}
