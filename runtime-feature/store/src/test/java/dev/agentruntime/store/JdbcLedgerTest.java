package dev.agentruntime.store;

import static dev.agentruntime.store.Records.ALICE;
import static dev.agentruntime.store.Records.BOB;
import static dev.agentruntime.store.Records.NOON;
import static dev.agentruntime.store.Records.begun;
import static dev.agentruntime.store.Records.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Usage;
import dev.agentruntime.store.LedgerException.Why;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class JdbcLedgerTest {

    @OnEachDatabase
    void whatWasWrittenIsReadAgain(TestDatabase database) {
        SessionRecord full = Records.saying("row-1", "abcdef012345");
        ledger(database).save(List.of(full));
        assertThat(ledger(database).latest("abcdef012345", "abcdef012345")).contains(full);
    }

    @OnEachDatabase
    void aSessionThatIsStillStartingIsReadAgain(TestDatabase database) {
        SessionRecord starting = begun("row-1", "id-1", ALICE, NOON);
        ledger(database).save(List.of(starting));
        assertThat(ledger(database).unfinished("server1")).containsExactly(starting);
    }

    @OnEachDatabase
    void aLaterRecordReplacesTheEarlierOne(TestDatabase database) {
        Ledger ledger = ledger(database);
        ledger.save(List.of(record("row-1", "id-1", ALICE, NOON, Optional.empty(), 1)));
        ledger.save(List.of(record("row-1", "id-1", ALICE, NOON, Optional.of(NOON), 2)));
        assertThat(cpu(ledger, "id-1")).isEqualTo(2);
        assertThat(ledger.unfinished("server1")).isEmpty();
    }

    @OnEachDatabase
    void aRecordMayBeWrittenAgainAndAgain(TestDatabase database) {
        Ledger ledger = ledger(database);
        SessionRecord full = Records.saying("row-1", "abc");
        ledger.save(List.of(full, full));
        ledger.save(List.of(full));
        assertThat(ledger.latest("abc", "abc")).contains(full);
    }

    @OnEachDatabase
    void usageNeverShrinks(TestDatabase database) {
        Ledger ledger = ledger(database);
        Usage much = new Usage(900, new BigDecimal("90.500000000"), 90, 9, MeterSource.CGROUP);
        ledger.save(List.of(Records.using("row-1", much, Optional.empty())));
        ledger.save(List.of(Records.using("row-1", new Usage(1, BigDecimal.ONE, 1, 1, MeterSource.CGROUP), Optional.empty())));
        assertThat(ledger.latest("hello", "id-1").orElseThrow().view().usage()).isEqualTo(much);
    }

    @OnEachDatabase
    void aClosedSessionIsNotOpenedAgainByALateRecordButItsUsageMayGrow(TestDatabase database) {
        Ledger ledger = ledger(database);
        ledger.save(List.of(record("row-1", "id-1", ALICE, NOON, Optional.of(NOON), 5)));
        ledger.save(List.of(record("row-1", "id-1", ALICE, NOON, Optional.empty(), 7)));
        assertThat(ledger.unfinished("server1")).isEmpty();
        assertThat(ledger.latest("hello", "id-1").orElseThrow()).satisfies(row -> {
            assertThat(row.view().status()).isEqualTo(SessionView.Status.TERMINATED);
            assertThat(row.reasonCode()).contains("STOPPED");
            assertThat(row.view().usage().cpuNanos()).isEqualTo(7);
        });
    }

    @OnEachDatabase
    void theLatestSessionOfAnIdCounts(TestDatabase database) {
        Ledger ledger = ledger(database);
        ledger.save(List.of(record("row-2", "id-1", ALICE, NOON.plusSeconds(60), Optional.empty(), 2),
                record("row-1", "id-1", ALICE, NOON, Optional.of(NOON), 1)));
        assertThat(ledger.latest("hello", "id-1").map(SessionRecord::rowId)).contains("row-2");
        assertThat(ledger.latest("hello", "id-2")).isEmpty();
        assertThat(ledger.latest("other", "id-1")).isEmpty();
    }

    @OnEachDatabase
    void callersSeeTheirOwnAndAdminsAllNewestFirst(TestDatabase database) {
        Ledger ledger = ledger(database);
        ledger.save(List.of(begun("row-1", "id-1", ALICE, NOON), begun("row-2", "id-2", BOB, NOON.plusSeconds(1)),
                begun("row-3", "id-3", new Subject("https://other", "alice"), NOON.plusSeconds(2))));
        assertThat(rows(ledger, new Caller(ALICE, false), NOON)).containsExactly("row-1");
        assertThat(rows(ledger, new Caller(ALICE, true), NOON)).containsExactly("row-3", "row-2", "row-1");
    }

    @OnEachDatabase
    void sessionsThatEndedBeforeAreNotListed(TestDatabase database) {
        Ledger ledger = ledger(database);
        ledger.save(List.of(record("row-1", "id-1", ALICE, NOON, Optional.of(NOON.plusSeconds(5)), 0),
                record("row-2", "id-2", ALICE, NOON, Optional.of(NOON.plusSeconds(20)), 0)));
        assertThat(rows(ledger, new Caller(ALICE, false), NOON.plusSeconds(10))).containsExactly("row-2");
    }

    @OnEachDatabase
    void onlyThisServersSessionsAreUnfinished(TestDatabase database) {
        Ledger ledger = ledger(database);
        ledger.save(List.of(begun("row-1", "id-1", ALICE, NOON)));
        assertThat(ledger.unfinished("server2")).isEmpty();
    }

    @OnEachDatabase
    void hostileTextStaysText(TestDatabase database) {
        Subject hostile = new Subject("'; DROP TABLE agent_session; --", "\u202e\"%_\\");
        Ledger ledger = ledger(database);
        ledger.save(List.of(begun("row-1", "id-1", hostile, NOON)));
        assertThat(rows(ledger, new Caller(hostile, false), NOON)).containsExactly("row-1");
    }

    @OnEachDatabase
    void noTextThatAGuestOrATokenSendsMakesTheDatabaseRefuse(TestDatabase database) throws SQLException {
        List<String> texts = List.of("\0", "bad\0news", "\u0001\u001b[31m\u007f\u0085", "\ud800", "x\udc00y", "\ud83d\ude00".repeat(9_000),
                "x".repeat(70_000), "\uffff\ufffe\u200b", "", " ", "a\r\nb", "x".repeat(3_999) + "\ud83d\ude00");
        Ledger ledger = ledger(database);
        for (int i = 0; i < texts.size(); i++) {
            ledger.save(List.of(Records.saying("row-" + i, texts.get(i))));
        }
        assertThat(database.select("SELECT reason FROM agent_session")).hasSize(texts.size())
                .allSatisfy(reason -> assertThat(reason).doesNotContainPattern("[\\p{Cc}\\p{Cs}]"));
    }

    @OnEachDatabase
    void figuresBeyondTheirColumnsAreWrittenAsTheMostThatFits(TestDatabase database) {
        Ledger ledger = ledger(database);
        Usage huge = new Usage(Long.MAX_VALUE, new BigDecimal("9".repeat(60)), Long.MAX_VALUE, Long.MAX_VALUE, MeterSource.CGROUP);
        ledger.save(List.of(Records.using("row-1", huge, Optional.empty())));
        assertThat(cpu(ledger, "id-1")).isEqualTo(Long.MAX_VALUE);
    }

    /** A token's name or a path could otherwise make the ledger look as if it were away. */
    @OnEachDatabase
    void whatNoRowCanHaveIsNotLookedFor(TestDatabase database) {
        Ledger ledger = ledger(database);
        for (String text : List.of("nul\0", "\ud800", "x".repeat(70_000))) {
            assertThat(ledger.latest(text, "id-1")).isEmpty();
            assertThat(ledger.latest("hello", text)).isEmpty();
            assertThat(ledger.recent(text, new Caller(ALICE, true), NOON)).isEmpty();
            assertThat(ledger.recent("hello", new Caller(new Subject("https://idp", text), false), NOON)).isEmpty();
        }
    }

    @OnEachDatabase
    void aRowOfAnotherVersionOfThePlatformKeepsNoOtherFromBeingRead(TestDatabase database) throws SQLException {
        Ledger ledger = ledger(database);
        ledger.save(List.of(begun("row-1", "id-1", ALICE, NOON), begun("row-2", "id-2", ALICE, NOON)));
        database.execute("UPDATE agent_session SET status = 'HIBERNATED', start_mode = 'ADOPTED' WHERE row_id = 'row-1'",
                "UPDATE agent_usage SET source = 'OTHER' WHERE row_id = 'row-1'");
        assertThat(ledger.unfinished("server1")).hasSize(2);
    }

    @OnEachDatabase
    void callersThatReadASlowDatabaseLeaveConnectionsToThoseWhoWrite(TestDatabase database) {
        Gate gate = new Gate(database);
        Ledger ledger = new JdbcLedger(new Database(gate));
        ledger.probe();
        gate.hang();
        List<CompletableFuture<Optional<SessionRecord>>> readers = IntStream.range(0, 12).mapToObj(i ->
                CompletableFuture.supplyAsync(() -> ledger.latest("hello", "id-1"), work -> new Thread(work).start())).toList();
        await().untilAsserted(() -> assertThat(gate.waiting()).isEqualTo(4));
        gate.work();
        assertThat(CompletableFuture.allOf(readers.toArray(CompletableFuture<?>[]::new))).succeedsWithin(Duration.ofSeconds(20));
    }

    @OnEachDatabase
    void rowsSurviveARestart(TestDatabase database) {
        ledger(database).save(List.of(begun("row-1", "id-1", ALICE, NOON)));
        assertThat(ledger(database).latest("hello", "id-1")).isPresent();
    }

    @OnEachDatabase
    void allRecordsAreWrittenOrNoneAndARefusalIsToldFromADatabaseThatIsAway(TestDatabase database) {
        Ledger ledger = ledger(database);
        SessionRecord bad = begun("row-2", "id-2", ALICE, Instant.MAX);
        assertThatThrownBy(() -> ledger.save(List.of(begun("row-1", "id-1", ALICE, NOON), bad)))
                .isInstanceOfSatisfying(LedgerException.class, e -> assertThat(e.why()).isEqualTo(Why.REFUSED));
        assertThat(ledger.latest("hello", "id-1")).isEmpty();
        ledger.save(List.of(begun("row-1", "id-1", ALICE, NOON)));
    }

    @OnEachDatabase
    void aProbeLeavesNothingBehind(TestDatabase database) throws SQLException {
        Ledger ledger = ledger(database);
        ledger.probe();
        ledger.probe();
        assertThat(database.select("SELECT row_id FROM agent_session")).isEmpty();
    }

    @OnEachDatabase
    void aProbeFailsWhereNothingCanBeWritten(TestDatabase database) throws SQLException {
        Ledger ledger = ledger(database);
        ledger.probe();
        database.execute("ALTER TABLE agent_usage RENAME TO gone");
        assertThatThrownBy(ledger::probe).isInstanceOf(LedgerException.class);
    }

    @OnEachDatabase
    void manyMayWriteAtOnce(TestDatabase database) {
        Ledger ledger = ledger(database);
        Stream<CompletableFuture<Void>> writers = IntStream.range(0, 8).mapToObj(writer -> CompletableFuture.runAsync(() ->
                ledger.save(IntStream.range(0, 20).mapToObj(i -> Records.closed(writer + "-" + i)).toList())));
        assertThat(CompletableFuture.allOf(writers.toArray(CompletableFuture<?>[]::new))).succeedsWithin(Duration.ofSeconds(60));
        assertThat(ledger.recent("hello", new Caller(ALICE, true), NOON)).hasSize(160);
    }

    @Test
    void aMissingDatabaseIsAway() {
        JdbcLedger none = new JdbcLedger(new Database(() -> {
            throw new SQLException("There is no data source yet.");
        }));
        assertThatThrownBy(() -> none.latest("hello", "id-1")).hasMessageContaining("There is no data source yet.")
                .isInstanceOfSatisfying(LedgerException.class, e -> assertThat(e.why()).isEqualTo(Why.AWAY));
    }

    @Test
    void aDataSourceThatIsNotBoundYetIsToldFromADatabaseThatIsAway() {
        Ledger ledger = new JdbcLedger(new Database(() -> {
            throw new NotBoundException("There is no data source jdbc/agents.", new SQLException());
        }));
        for (ThrowingCallable work : List.<ThrowingCallable>of(ledger::probe, () -> ledger.unfinished("server1"),
                () -> ledger.latest("hello", "id-1"), () -> ledger.save(List.of(Records.closed("row-1"))))) {
            assertThatThrownBy(work).isInstanceOfSatisfying(LedgerException.class, e -> assertThat(e.why()).isEqualTo(Why.NOT_BOUND));
        }
    }

    private static Ledger ledger(TestDatabase database) {
        return new JdbcLedger(new Database(database));
    }

    private static long cpu(Ledger ledger, String id) {
        return ledger.latest("hello", id).orElseThrow().view().usage().cpuNanos();
    }

    private static List<String> rows(Ledger ledger, Caller caller, Instant since) {
        return ledger.recent("hello", caller, since).stream().map(SessionRecord::rowId).toList();
    }
}
