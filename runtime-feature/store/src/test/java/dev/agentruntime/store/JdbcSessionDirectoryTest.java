package dev.agentruntime.store;

import static dev.agentruntime.store.Records.ALICE;
import static dev.agentruntime.store.Records.BOB;
import static dev.agentruntime.store.Records.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.Subject;
import dev.agentruntime.spi.fake.ManualClock;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class JdbcSessionDirectoryTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final List<ExecutorService> lanes = new ArrayList<>();
    private final LogTail log = new LogTail();

    @AfterEach
    void end() {
        lanes.forEach(ExecutorService::shutdownNow);
        log.close();
    }

    @OnEachDatabase
    void whoClaimsAnIdFirstOwnsItForGoodOnEveryServer(TestDatabase database) {
        SessionDirectory one = directory(database);
        assertThat(one.claim("hello", "id-1", ALICE, "server1")).succeedsWithin(SOON).isEqualTo(new Claim(ALICE, true));
        assertThat(one.claim("hello", "id-1", ALICE, "server1")).succeedsWithin(SOON).isEqualTo(new Claim(ALICE, false));
        assertThat(directory(database).claim("hello", "id-1", BOB, "server2")).succeedsWithin(SOON).isEqualTo(new Claim(ALICE, false));
    }

    @OnEachDatabase
    void anIdBelongsToOneAgentRuntimeAndAnOwnerToOneIssuer(TestDatabase database) {
        SessionDirectory directory = directory(database);
        Subject namesake = new Subject("https://other", "alice");
        assertThat(directory.claim("hello", "id-1", ALICE, "server1")).succeedsWithin(SOON);
        assertThat(directory.claim("other", "id-1", BOB, "server1")).succeedsWithin(SOON).isEqualTo(new Claim(BOB, true));
        assertThat(directory.claim("hello", "id-1", namesake, "server1")).succeedsWithin(SOON).isEqualTo(new Claim(ALICE, false));
    }

    @OnEachDatabase
    void ofManyWhoClaimOneIdAtOnceOnTwoServersExactlyOneOwnsIt(TestDatabase database) {
        List<SessionDirectory> servers = List.of(directory(database), directory(database));
        assertThat(servers.get(0).claim("hello", "warm-up", ALICE, "server1")).succeedsWithin(SOON);
        assertThat(servers.get(1).claim("hello", "warm-up", ALICE, "server2")).succeedsWithin(SOON);
        for (int round = 0; round < 20; round++) {
            String id = "id-" + round;
            List<CompletableFuture<Claim>> claims = IntStream.range(0, 12).mapToObj(i ->
                    servers.get(i % 2).claim("hello", id, new Subject("https://idp", "user-" + i), "server" + i % 2)).toList();
            List<Claim> answers = claims.stream().map(CompletableFuture::join).toList();
            assertThat(answers).filteredOn(Claim::first).as("round %d: %s", round, answers).hasSize(1);
            assertThat(answers).extracting(Claim::owner).containsOnly(answers.stream().filter(Claim::first).findFirst().orElseThrow().owner());
        }
    }

    @OnEachDatabase
    void anIdThatThePlatformDrewIsItsOwnersOnEveryServer(TestDatabase database) throws SQLException {
        new JdbcLedger(new Database(database)).probe();
        SessionDirectory one = directory(database);
        one.remember("hello", "id-1", ALICE, "server1");
        assertThat(one.claim("hello", "id-1", BOB, "server1")).succeedsWithin(SOON).isEqualTo(new Claim(ALICE, false));
        await().untilAsserted(() -> assertThat(database.select("SELECT owner_subject FROM agent_session_owner")).containsExactly("alice"));
        assertThat(directory(database).claim("hello", "id-1", BOB, "server2")).succeedsWithin(SOON).isEqualTo(new Claim(ALICE, false));
    }

    @OnEachDatabase
    void namesThatAreTooLongOrHaveControlCharactersOwnNothing(TestDatabase database) throws SQLException {
        SessionDirectory directory = directory(database);
        Subject longest = new Subject("i".repeat(1024), "n".repeat(1024));
        assertThat(directory.claim("hello", "id-1", longest, "server1")).succeedsWithin(SOON).isEqualTo(new Claim(longest, true));
        for (String name : List.of("n".repeat(1025), "alice\0", "\ud800", "al\nice")) {
            assertThatThrownBy(() -> directory.claim("hello", "id-2", new Subject("https://idp", name), "server1"))
                    .isInstanceOfSatisfying(RequestException.class, e -> assertThat(e.kind()).isEqualTo(RequestException.Kind.VALIDATION));
            assertThatThrownBy(() -> directory.remember("hello", "id-2", new Subject(name, "alice"), "server1"))
                    .isInstanceOf(RequestException.class);
            assertThatThrownBy(() -> directory.claim("hello", name, ALICE, "server1")).isInstanceOf(RequestException.class);
            assertThatThrownBy(() -> directory.claim(name, "id-2", ALICE, "server1")).isInstanceOf(RequestException.class);
        }
        assertThat(database.select("SELECT session_id FROM agent_session_owner")).containsExactly("id-1");
    }

    @OnEachDatabase
    void hostileNamesAreKeptApartToTheLetter(TestDatabase database) {
        SessionDirectory directory = directory(database);
        List<String> names = List.of("Alice", "alice", "alice ", " alice", "ALICE", "al\u0131ce", "'; DROP TABLE agent_session_owner; --", "a\u0301", "\u00e1");
        for (String name : names) {
            Subject subject = new Subject("https://idp", name);
            assertThat(directory.claim("hello", "id of " + name, subject, "server1")).succeedsWithin(SOON).isEqualTo(new Claim(subject, true));
            assertThat(directory.claim("hello", "id of " + name, BOB, "server1")).succeedsWithin(SOON).isEqualTo(new Claim(subject, false));
        }
    }

    @OnEachDatabase
    void whileTheDatabaseIsSlowOrAwayNobodyGetsAnIdAndItsOwnerHasItAfterwards(TestDatabase database) {
        Gate gate = new Gate(database);
        SessionDirectory directory = directory(gate);
        assertThat(directory.claim("hello", "id-1", ALICE, "server1")).succeedsWithin(SOON);
        gate.hang();
        assertUnavailable(directory.claim("hello", "id-1", BOB, "server1"));
        gate.fail();
        assertUnavailable(directory.claim("hello", "id-1", BOB, "server1"));
        assertUnavailable(directory.claim("hello", "id-2", BOB, "server1"));
        gate.work();
        assertThat(directory.claim("hello", "id-1", BOB, "server1")).succeedsWithin(SOON).isEqualTo(new Claim(ALICE, false));
        assertThat(log.of(StoreMessage.DIRECTORY_DOWN)).hasSize(1);
        assertThat(log.of(StoreMessage.DIRECTORY_UP)).hasSize(1);
    }

    @OnEachDatabase
    void idsThatThePlatformDrawsGoOnBeingTakenWhileTheDatabaseIsAway(TestDatabase database) throws SQLException {
        Gate gate = new Gate(database);
        SessionDirectory directory = directory(gate);
        assertThat(directory.claim("hello", "id-0", BOB, "server1")).succeedsWithin(SOON);
        gate.fail();
        IntStream.range(1, 300).forEach(i -> directory.remember("hello", "id-" + i, ALICE, "server1"));
        assertThat(directory.claim("hello", "id-7", BOB, "server1")).succeedsWithin(SOON).isEqualTo(new Claim(ALICE, false));
        directory.tick();
        gate.work();
        await().untilAsserted(() -> {
            directory.tick();
            assertThat(database.select("SELECT session_id FROM agent_session_owner")).hasSize(300);
        });
        assertThat(database.select("SELECT DISTINCT owner_subject FROM agent_session_owner WHERE session_id <> 'id-0'")).containsExactly("alice");
    }

    @OnEachDatabase
    void anIdThatIsThereAlreadyStopsNoOtherFromBeingWritten(TestDatabase database) throws SQLException {
        SessionDirectory directory = directory(database);
        assertThat(directory.claim("hello", "id-50", BOB, "server1")).succeedsWithin(SOON);
        IntStream.range(0, 100).forEach(i -> directory.remember("hello", "id-" + i, ALICE, "server1"));
        await().untilAsserted(() -> {
            directory.tick();
            assertThat(database.select("SELECT session_id FROM agent_session_owner")).hasSize(100);
        });
        assertThat(database.select("SELECT session_id FROM agent_session_owner WHERE owner_subject = 'bob'")).containsExactly("id-50");
    }

    @OnEachDatabase
    void aRowOfTheLedgerThatIsLockedHoldsUpNoClaim(TestDatabase database) throws Exception {
        Database all = new Database(database);
        Ledger ledger = new JdbcLedger(all);
        ledger.save(List.of(Records.begun("row-1", "id-1", ALICE, NOON)));
        SessionDirectory directory = new JdbcSessionDirectory(all, lane(), Clock.systemUTC(), Clock.systemUTC());
        try (Connection other = database.open()) {
            other.setAutoCommit(false);
            try (Statement lock = other.createStatement()) {
                lock.executeUpdate("UPDATE agent_session SET status = 'IDLE' WHERE row_id = 'row-1'");
            }
            CompletableFuture<Void> write = CompletableFuture.runAsync(() -> ledger.save(List.of(Records.closed("row-1"))));
            for (int i = 0; i < 20; i++) {
                assertThat(directory.claim("hello", "id-" + i, ALICE, "server1")).succeedsWithin(SOON);
            }
            other.rollback();
            write.exceptionally(tooLate -> null).join();
        }
    }

    /** Another server may have written the row and not committed it yet. */
    @OnEachDatabase
    void aClaimOfAnotherServerThatIsNotCommittedIsNotGuessedAndHoldsUpNoRecord(TestDatabase database) throws Exception {
        Database all = new Database(database);
        Ledger ledger = new JdbcLedger(all);
        ledger.probe();
        SessionDirectory directory = new JdbcSessionDirectory(all, lane(), Clock.systemUTC(), Clock.systemUTC());
        try (Connection other = database.open()) {
            other.setAutoCommit(false);
            try (Statement insert = other.createStatement()) {
                insert.executeUpdate("INSERT INTO agent_session_owner (runtime, session_id, owner_issuer, owner_subject, server_id, claimed_at)"
                        + " VALUES ('hello', 'id-1', 'https://idp', 'bob', 'server2', CURRENT_TIMESTAMP)");
            }
            CompletableFuture<Claim> claim = directory.claim("hello", "id-1", ALICE, "server1");
            ledger.save(List.of(Records.closed("row-1")));
            assertThat(directory.claim("hello", "id-2", ALICE, "server1")).succeedsWithin(SOON);
            assertUnavailable(claim);
            other.commit();
        }
        await().untilAsserted(() -> assertThat(directory.claim("hello", "id-1", ALICE, "server1")).succeedsWithin(SOON)
                .isEqualTo(new Claim(BOB, false)));
    }

    @Test
    void moreClaimsThanTheDatabaseCanAnswerAreRefusedAtOnceAndNoThreadIsHeldForThem() throws Exception {
        try (TestDatabase database = TestDatabase.h2()) {
            Gate gate = new Gate(database);
            gate.hang();
            SessionDirectory directory = directory(gate);
            List<CompletableFuture<Claim>> claims = IntStream.range(0, 4 * JdbcSessionDirectory.MOST_CLAIMS)
                    .mapToObj(i -> directory.claim("hello", "id-" + i, ALICE, "server1")).toList();
            assertThat(claims).filteredOn(CompletableFuture::isDone).hasSizeGreaterThanOrEqualTo(3 * JdbcSessionDirectory.MOST_CLAIMS);
            claims.forEach(JdbcSessionDirectoryTest::assertUnavailable);
            gate.work();
            await().untilAsserted(() -> assertThat(directory.claim("hello", "id-x", ALICE, "server1")).succeedsWithin(SOON));
            assertThat(database.select("SELECT session_id FROM agent_session_owner")).as("asked for those who went away")
                    .hasSizeLessThan(10);
        }
    }

    @Test
    void aClaimIsRefusedWhereTheServerIsBeingStopped() {
        Connections none = () -> {
            throw new SQLException("Nobody asks.");
        };
        SessionDirectory directory = new JdbcSessionDirectory(new Database(none), work -> {
            throw new RejectedExecutionException();
        }, Clock.systemUTC(), Clock.systemUTC());
        assertUnavailable(directory.claim("hello", "id-1", ALICE, "server1"));
        directory.remember("hello", "id-2", ALICE, "server1");
    }

    @OnEachDatabase
    void aProcessWithoutThreadsForAMomentLosesNoOwnerAndNoPlaceForClaims(TestDatabase database) throws SQLException {
        new JdbcLedger(new Database(database)).probe();
        AtomicBoolean outOfThreads = new AtomicBoolean(true);
        ExecutorService lane = lane();
        SessionDirectory directory = new JdbcSessionDirectory(new Database(database), work -> {
            if (outOfThreads.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            lane.execute(work);
        }, Clock.systemUTC(), Clock.systemUTC());
        directory.remember("hello", "id-1", ALICE, "server1");
        for (int i = 0; i <= JdbcSessionDirectory.MOST_CLAIMS; i++) {
            assertUnavailable(directory.claim("hello", "id-2", ALICE, "server1"));
        }
        outOfThreads.set(false);
        directory.tick();
        // The table may come with this first record.
        await().ignoreExceptionsInstanceOf(SQLException.class)
                .untilAsserted(() -> assertThat(database.select("SELECT session_id FROM agent_session_owner")).containsExactly("id-1"));
        assertThat(directory.claim("hello", "id-2", ALICE, "server1")).succeedsWithin(SOON).isEqualTo(new Claim(ALICE, true));
    }

    @OnEachDatabase
    void aWallClockThatIsSetBackSilencesNoWarning(TestDatabase database) throws SQLException {
        Gate gate = new Gate(database);
        ManualClock wall = new ManualClock(Records.NOON);
        ManualClock steady = new ManualClock(Records.NOON);
        SessionDirectory directory = new JdbcSessionDirectory(new Database(gate), lane(), wall, steady);
        for (int outage = 1; outage <= 2; outage++) {
            gate.fail();
            assertUnavailable(directory.claim("hello", "id-1", ALICE, "server1"));
            assertThat(log.of(StoreMessage.DIRECTORY_DOWN)).hasSize(outage);
            gate.work();
            assertThat(directory.claim("hello", "id-1", ALICE, "server1")).succeedsWithin(SOON);
            wall.advance(Duration.ofDays(-1));
            steady.advance(Duration.ofMinutes(1));
        }
    }

    @OnEachDatabase
    void aDatabaseThatComesBackWhileTheServerStopsLosesNoOwner(TestDatabase database) throws SQLException {
        Gate gate = new Gate(database);
        SessionDirectory directory = directory(gate);
        gate.fail();
        IntStream.range(0, 300).forEach(i -> directory.remember("hello", "id-" + i, ALICE, "server1"));
        CompletableFuture<Void> closing = CompletableFuture.runAsync(directory::close);
        await().during(Duration.ofMillis(300)).until(() -> !closing.isDone());
        gate.work();
        assertThat(closing).succeedsWithin(SOON);
        assertThat(database.select("SELECT session_id FROM agent_session_owner")).hasSize(300);
        assertThat(log.of(StoreMessage.OWNER_LOST)).isEmpty();
    }

    @OnEachDatabase
    void ownersThatCannotBeWrittenWhenTheServerStopsAreTold(TestDatabase database) {
        Gate gate = new Gate(database);
        gate.fail();
        assertTellsItsOwnersAtTheEnd(gate, directory(gate));
    }

    /** The thread of the write is not interrupted: that would close H2's file. */
    @OnEachDatabase
    void aDatabaseThatHangsHoldsTheStopUpForSecondsOnly(TestDatabase database) {
        Gate gate = new Gate(database);
        gate.hang();
        assertTellsItsOwnersAtTheEnd(gate, directory(gate));
    }

    @Test
    void aStopWithoutThreadsTellsItsOwnersToo() {
        Connections none = () -> {
            throw new SQLException("Nobody asks.");
        };
        assertTellsItsOwnersAtTheEnd(new Gate(none), new JdbcSessionDirectory(new Database(none), work -> {
            throw new OutOfMemoryError("unable to create native thread");
        }, Clock.systemUTC(), Clock.systemUTC()));
    }

    private void assertTellsItsOwnersAtTheEnd(Gate gate, SessionDirectory directory) {
        directory.remember("hello", "id-1", ALICE, "server1");
        directory.remember("hello", "id-2", BOB, "server1");
        assertThat(CompletableFuture.runAsync(directory::close)).succeedsWithin(SOON);
        assertThat(log.of(StoreMessage.OWNER_LOST)).hasSize(2).first().asString().contains("id-1", "hello", "alice", "server1");
        gate.work();
    }

    @OnEachDatabase
    void aDirectoryThatIsClosedRemembersNothingAndWaitsForNothing(TestDatabase database) {
        Gate gate = new Gate(database);
        SessionDirectory directory = directory(gate);
        gate.hang();
        long begun = System.nanoTime();
        directory.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).as("a last write is waited for longer").isLessThan(JdbcSessionDirectory.LAST_WRITE);
        assertThatThrownBy(() -> directory.remember("hello", "id-1", ALICE, "server1")).isInstanceOf(DirectoryUnavailableException.class);
        assertThat(log.of(StoreMessage.OWNER_LOST)).isEmpty();
        gate.work();
    }

    private static void assertUnavailable(CompletableFuture<Claim> claim) {
        assertThat(claim).failsWithin(SOON).withThrowableThat().havingCause()
                .isInstanceOf(DirectoryUnavailableException.class);
    }

    private SessionDirectory directory(Connections connections) {
        return new JdbcSessionDirectory(new Database(connections), lane(), Clock.systemUTC(), Clock.systemUTC());
    }

    private ExecutorService lane() {
        ExecutorService lane = Executors.newFixedThreadPool(4);
        lanes.add(lane);
        return lane;
    }
}
