package dev.agentruntime.store;

import static dev.agentruntime.store.Records.ALICE;
import static dev.agentruntime.store.Records.BOB;
import static dev.agentruntime.store.Records.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.Subject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

final class MigrationsTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @OnEachDatabase
    void aNewDatabaseHasTheTablesOfARoomAtItsFirstUse(TestDatabase database) throws SQLException {
        new JdbcLedger(new Database(database)).probe();
        assertThat(versions(database)).containsExactly("ledger 1", "ledger 2", "ledger 3", "ledger 4", "ledger 5");
        assertThat(database.select("SELECT runtime FROM agent_session_owner")).isEmpty();
    }

    @OnEachDatabase
    void aSecondServerFindsTheTablesAndChangesNothing(TestDatabase database) throws SQLException {
        new JdbcLedger(new Database(database)).probe();
        List<String> before = database.select("SELECT applied_at FROM agent_schema ORDER BY version");
        new JdbcLedger(new Database(database)).probe();
        assertThat(database.select("SELECT applied_at FROM agent_schema ORDER BY version")).isEqualTo(before);
    }

    @OnEachDatabase
    void aDatabaseOfTheFirstVersionIsTakenOverWithoutLoss(TestDatabase database) throws Exception {
        first(database);
        row(database, "row-1", "id-1", ALICE, NOON);
        Ledger ledger = new JdbcLedger(new Database(database));
        assertThat(ledger.latest("hello", "id-1")).hasValueSatisfying(row -> {
            assertThat(row.view().subject()).isEqualTo(ALICE);
            assertThat(row.view().createdAt()).isEqualTo(NOON);
            assertThat(row.view().usage().cpuNanos()).isEqualTo(5);
        });
        assertThat(versions(database)).containsExactly("ledger 2", "ledger 3", "ledger 4", "ledger 5");
    }

    @OnEachDatabase
    void onTheUpgradeWhatWasUsedBeforeCountsForADay(TestDatabase database) throws Exception {
        first(database);
        row(database, "row-1", "id-1", ALICE, NOON);
        Ledger ledger = new JdbcLedger(new Database(database));
        ledger.probe();
        assertThat(database.select("SELECT cpu_nanos FROM agent_usage_day")).containsExactly("5");
        assertThat(ledger.latest("hello", "id-1").orElseThrow().view().usage().vcpuNanos()).isZero();
    }

    @OnEachDatabase
    void onTheUpgradeAnIdBelongsToItsEarliestOwner(TestDatabase database) throws Exception {
        first(database);
        row(database, "row-3", "id-1", BOB, NOON.plusSeconds(10));
        row(database, "row-1", "id-1", ALICE, NOON);
        row(database, "row-2", "id-2", BOB, NOON.plusSeconds(5));
        Subject longest = new Subject("https://idp", "x".repeat(8_000));
        row(database, "row-4", "id-4", longest, NOON);
        SessionDirectory directory = new JdbcSessionDirectory(new Database(database), Runnable::run, Clock.systemUTC(), Clock.systemUTC());
        assertThat(directory.claim("hello", "id-1", BOB, "server2")).isCompletedWithValue(new Claim(ALICE, false));
        assertThat(directory.claim("hello", "id-2", ALICE, "server2")).isCompletedWithValue(new Claim(BOB, false));
        assertThat(directory.claim("hello", "id-4", ALICE, "server2")).isCompletedWithValue(new Claim(longest, false));
        assertThat(directory.claim("other", "id-1", BOB, "server2")).isCompletedWithValue(new Claim(BOB, true));
    }

    @OnEachDatabase
    void aServerIdMayBeLongerThanBefore(TestDatabase database) throws Exception {
        first(database);
        Ledger ledger = new JdbcLedger(new Database(database));
        SessionRecord record = Records.begun("row-1", "id-1", ALICE, NOON);
        String id = "defaultserver-" + "0".repeat(36);
        ledger.save(List.of(new SessionRecord("row-1", id, record.view(), Optional.empty(), Optional.empty(), Optional.empty())));
        assertThat(ledger.unfinished(id)).hasSize(1);
    }

    @OnEachDatabase
    void manyServersThatBeginAtOnceAllGoOn(TestDatabase database) throws SQLException {
        CyclicBarrier together = new CyclicBarrier(6);
        Stream<CompletableFuture<Void>> servers = IntStream.range(0, 6).mapToObj(i -> CompletableFuture.runAsync(() -> {
            Ledger ledger = new JdbcLedger(new Database(database));
            meet(together);
            ledger.save(List.of(Records.closed("row-" + i)));
        }, work -> new Thread(work).start()));
        assertThat(CompletableFuture.allOf(servers.toArray(CompletableFuture<?>[]::new))).succeedsWithin(Duration.ofSeconds(60));
        assertThat(database.select("SELECT row_id FROM agent_session")).hasSize(6);
        assertThat(versions(database)).containsExactly("ledger 1", "ledger 2", "ledger 3", "ledger 4", "ledger 5");
    }

    @OnEachDatabase
    void manyServersThatTakeOverAtOnceAllGoOn(TestDatabase database) throws Exception {
        first(database);
        row(database, "row-0", "id-1", ALICE, NOON);
        CyclicBarrier together = new CyclicBarrier(4);
        Stream<CompletableFuture<Void>> servers = IntStream.range(0, 4).mapToObj(i -> CompletableFuture.runAsync(() -> {
            Ledger ledger = new JdbcLedger(new Database(database));
            meet(together);
            ledger.probe();
        }, work -> new Thread(work).start()));
        assertThat(CompletableFuture.allOf(servers.toArray(CompletableFuture<?>[]::new))).succeedsWithin(Duration.ofSeconds(60));
        assertThat(database.select("SELECT owner_subject FROM agent_session_owner")).containsExactly("alice");
    }

    /** H2 keeps each table that was made, and a server may end between two of them. */
    @OnEachDatabase
    void aMigrationThatWasLeftHalfWayIsFinished(TestDatabase database) throws Exception {
        String tables = script(1);
        database.execute(tables.substring(0, tables.indexOf(';')).replace("CREATE TABLE IF NOT EXISTS", "CREATE TABLE"));
        new JdbcLedger(new Database(database)).probe();
        assertThat(versions(database)).containsExactly("ledger 1", "ledger 2", "ledger 3", "ledger 4", "ledger 5");
    }

    @OnEachDatabase
    void eachRoomHasNumbersOfItsOwn(TestDatabase database) throws SQLException {
        Database all = new Database(database);
        new JdbcLedger(all).probe();
        Room memory = all.room("memory", MigrationsTest.class, 1);
        assertThat(all.room("memory", MigrationsTest.class, 1)).isSameAs(memory);
        int inserted = memory.run(LIMIT, transaction -> {
            try (var insert = transaction.prepare("INSERT INTO memory_note (note) VALUES ('x')")) {
                return insert.executeUpdate();
            }
        });
        assertThat(inserted).isEqualTo(1);
        assertThat(versions(database)).containsExactly("ledger 1", "ledger 2", "ledger 3", "ledger 4", "ledger 5", "memory 1");
    }

    @OnEachDatabase
    void workThatThrowsLeavesNothingBehind(TestDatabase database) throws SQLException {
        Room memory = new Database(database).room("memory", MigrationsTest.class, 1);
        assertThatThrownBy(() -> memory.run(LIMIT, transaction -> {
            transaction.execute("INSERT INTO memory_note (note) VALUES ('x')");
            throw new IllegalStateException("No.");
        })).hasMessage("No.");
        assertThat(database.select("SELECT note FROM memory_note")).isEmpty();
    }

    @OnEachDatabase
    void aStatementThatTakesTooLongIsEnded(TestDatabase database) throws SQLException {
        Room memory = new Database(database).room("memory", MigrationsTest.class, 1);
        memory.run(LIMIT, transaction -> 0);
        long begun = System.nanoTime();
        assertThatThrownBy(() -> memory.run(Duration.ofSeconds(1), transaction -> {
            try (var select = transaction.prepare(EndlessQuery.in(transaction.connection()))) {
                return select.execute();
            }
        })).isInstanceOfSatisfying(SQLException.class, e -> assertThat(Failures.isAway(e)).as(e.toString()).isTrue());
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
    }

    @OnEachDatabase
    void aMissingMigrationIsNamed(TestDatabase database) {
        Room room = new Database(database).room("nowhere", MigrationsTest.class, 1);
        assertThatThrownBy(() -> room.run(LIMIT, transaction -> 0))
                .hasMessageContaining("nowhere/1.sql is missing beside " + MigrationsTest.class.getName());
    }

    @OnEachDatabase
    void aMigrationThatFailsIsTriedAgainAtTheNextUse(TestDatabase database) throws SQLException {
        Room broken = new Database(database).room("broken", MigrationsTest.class, 1);
        assertThatThrownBy(() -> broken.run(LIMIT, transaction -> 0)).isInstanceOf(SQLException.class);
        database.execute("CREATE TABLE not_there_yet (note VARCHAR(9))");
        assertThat(broken.<Integer>run(LIMIT, transaction -> 7)).isEqualTo(7);
    }

    private static List<String> versions(TestDatabase database) throws SQLException {
        return database.select("SELECT room || ' ' || version FROM agent_schema ORDER BY room, version");
    }

    /** As a server of the first version made it. */
    private static void first(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE agent_schema_version (version INTEGER NOT NULL PRIMARY KEY,"
                + " applied_at TIMESTAMP(6) WITH TIME ZONE NOT NULL)",
                "INSERT INTO agent_schema_version (version, applied_at) VALUES (1, CURRENT_TIMESTAMP)");
        for (String sql : script(1).replace(" IF NOT EXISTS", "").split(";")) {
            if (!sql.isBlank()) {
                database.execute(sql);
            }
        }
    }

    private static void row(TestDatabase database, String row, String id, Subject owner, Instant created) throws SQLException {
        database.execute("INSERT INTO agent_session (row_id, server_id, runtime, session_id, version, status, owner_issuer,"
                + " owner_subject, created_at, last_activity_at) VALUES ('" + row + "', 'server1', 'hello', '" + id + "', 'abc', 'IDLE', '"
                + owner.issuer() + "', '" + owner.name() + "', TIMESTAMP WITH TIME ZONE '" + created + "', CURRENT_TIMESTAMP)",
                "INSERT INTO agent_usage (row_id, cpu_nanos, memory_byte_seconds, peak_memory_bytes, invocations, source)"
                + " VALUES ('" + row + "', 5, 1.5, 1, 1, 'CGROUP')");
    }

    private static String script(int version) throws IOException {
        try (var in = MigrationsTest.class.getResourceAsStream("ledger/" + version + ".sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
