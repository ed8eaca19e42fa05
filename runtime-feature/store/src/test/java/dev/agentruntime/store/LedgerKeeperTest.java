package dev.agentruntime.store;

import static dev.agentruntime.store.Records.ALICE;
import static dev.agentruntime.store.Records.BOB;
import static dev.agentruntime.store.Records.NOON;
import static dev.agentruntime.store.Records.begun;
import static dev.agentruntime.store.Records.closed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.Usage;
import dev.agentruntime.spi.fake.ManualClock;
import dev.agentruntime.store.fake.MemoryLedger;
import java.lang.ref.WeakReference;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LedgerKeeperTest {

    /** As a session is: with something that is large. */
    private static final class Session implements Account {

        private final byte[] vm = new byte[10_000];
        private volatile SessionRecord record;

        Session(SessionRecord record) {
            this.record = record;
        }

        @Override
        public String rowId() {
            return record.rowId();
        }

        @Override
        public SessionRecord record() {
            return vm[0] == 0 ? record : begun("", "", ALICE, NOON);
        }

        Session end() {
            record = closed(record.rowId());
            return this;
        }
    }

    private final MemoryLedger ledger = new MemoryLedger();
    private final ExecutorService store = Executors.newFixedThreadPool(2);
    private final AtomicInteger failures = new AtomicInteger();
    private final LogTail log = new LogTail();
    private final ManualClock clock = new ManualClock(Records.NOON);
    private LedgerKeeper keeper = keeper(100);

    @AfterEach
    void end() throws InterruptedException {
        ledger.work();
        store.shutdownNow();
        // What is still at work would write into the log of the next test.
        assertThat(store.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        log.close();
    }

    @Test
    void whatMustNotBeLostIsWrittenAtOnceAndTheRestWithTheNextTick() {
        keeper.markNow(new Session(begun("row-1", "id-1", ALICE, NOON)));
        awaitRows("row-1");
        keeper.mark(new Session(begun("row-2", "id-2", ALICE, NOON)));
        pass(Duration.ofSeconds(4));
        awaitRows("row-1", "row-2");
    }

    @Test
    void aRecordThatIsRefusedIsSetAsideAloneAndToldOnceWithItsFigures() {
        ledger.refuse(record -> record.rowId().equals("poison"));
        keeper = keeper(2_000);
        List<String> good = IntStream.range(0, 1_000).mapToObj(i -> "row-" + i).toList();
        good.subList(0, 500).forEach(row -> keeper.mark(new Session(closed(row))));
        keeper.mark(new Session(closed("poison")));
        good.subList(500, 1_000).forEach(row -> keeper.mark(new Session(closed(row))));
        keeper.writeSoon();
        awaitRows(good.toArray(String[]::new));
        await().untilAsserted(() -> assertThat(log.of(StoreMessage.RECORD_LOST)).singleElement().asString().contains("row poison,"));
        assertThat(log.of(StoreMessage.LEDGER_DOWN)).isEmpty();
    }

    @Test
    void whoeverMustKnowIsToldOnceTheLedgerHasIt() {
        ledger.hang();
        Session session = new Session(begun("row-1", "id-1", ALICE, NOON));
        CompletableFuture<Void> written = keeper.write(session);
        settledButOne();
        assertThat(written).isNotDone();
        ledger.work();
        assertThat(written).succeedsWithin(Duration.ofSeconds(10));
        assertThat(ledger.rows()).extracting(SessionRecord::rowId).containsExactly("row-1");
    }

    @Test
    void aWriteThatWasUnderWayIsNotTakenForTheOneThatFollows() {
        ledger.hang();
        Session session = new Session(begun("row-1", "id-1", ALICE, NOON));
        CompletableFuture<Void> first = keeper.write(session);
        settledButOne();
        session.record = Records.using("row-1", new Usage(7, BigDecimal.ZERO, 0, 0, MeterSource.HYPERVISOR), Optional.empty());
        CompletableFuture<Void> second = keeper.write(session);
        ledger.work();
        assertThat(first).succeedsWithin(Duration.ofSeconds(10));
        assertThat(second).succeedsWithin(Duration.ofSeconds(10));
        assertThat(ledger.rows()).singleElement().satisfies(row -> assertThat(row.view().usage().cpuNanos()).isEqualTo(7));
    }

    @Test
    void whoeverWaitsForALedgerThatIsAwayIsToldOnceItIsBack() {
        ledger.fail();
        assertThat(keeper.isUp()).isTrue();
        CompletableFuture<Void> written = keeper.write(new Session(begun("row-1", "id-1", ALICE, NOON)));
        await().until(() -> !keeper.isUp());
        assertThat(written).isNotDone();
        ledger.work();
        pass(Duration.ofSeconds(31));
        assertThat(written).succeedsWithin(Duration.ofSeconds(10));
        await().until(keeper::isUp);
    }

    @Test
    void whoeverWaitsForARecordThatIsRefusedOrDroppedHearsOfIt() {
        ledger.refuse(record -> record.rowId().equals("poison"));
        assertThat(keeper.write(new Session(begun("poison", "id-1", ALICE, NOON)))).failsWithin(Duration.ofSeconds(10))
                .withThrowableThat().withCauseInstanceOf(LedgerException.class).withMessageContaining("refused");
        ledger.fail();
        keeper = keeper(1);
        CompletableFuture<Void> first = keeper.write(new Session(closed("row-1")));
        keeper.write(new Session(closed("row-2")));
        assertThat(first).failsWithin(Duration.ofSeconds(10)).withThrowableThat().withMessageContaining("Too many");
    }

    /** The other one hangs in the ledger. */
    private void settledButOne() {
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> { }, store);
        assertThat(other).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void aRefusedRecordIsNeverTriedAgain() {
        ledger.refuse(record -> record.rowId().equals("poison"));
        keeper.markNow(new Session(closed("poison")));
        await().untilAsserted(() -> assertThat(log.of(StoreMessage.RECORD_LOST)).singleElement().asString()
                .contains("A value of row poison is refused.", "session id-of-poison", "5 ns of CPU", "owner alice of https://idp"));
        keeper.markNow(new Session(closed("row-1")));
        awaitRows("row-1");
        keeper.close();
        assertThat(log.of(StoreMessage.RECORD_LOST)).hasSize(1);
        assertThat(failures).hasValue(1);
        assertThat(log.of(StoreMessage.LEDGER_DOWN)).isEmpty();
    }

    @Test
    void aLiveSessionWhoseRecordIsRefusedStopsNobodyAndIsToldAgainWithItsLastFiguresOnly() {
        ledger.refuse(record -> record.rowId().equals("poison"));
        Session poison = new Session(begun("poison", "id-1", ALICE, NOON));
        for (int i = 0; i < 5; i++) {
            String row = "row-" + i;
            keeper.mark(poison);
            keeper.markNow(new Session(begun(row, "id-2", ALICE, NOON)));
            await().untilAsserted(() -> assertThat(ledger.rows()).extracting(SessionRecord::rowId).contains(row));
        }
        keeper.markNow(poison.end());
        await().untilAsserted(() -> assertThat(log.of(StoreMessage.RECORD_LOST)).hasSize(2));
        assertThat(log.of(StoreMessage.RECORD_LOST).get(1)).contains("ended for STOPPED");
    }

    @Test
    void aRecordThatWasRefusedOnceMayPassLater() {
        ledger.refuse(record -> record.closedAt().isEmpty());
        Session session = new Session(begun("row-1", "id-1", ALICE, NOON));
        keeper.markNow(session);
        await().untilAsserted(() -> assertThat(log.of(StoreMessage.RECORD_LOST)).hasSize(1));
        keeper.markNow(session.end());
        awaitRows("row-1");
    }

    @Test
    void aRecordThatIsLockedStopsNobodyElsesAndIsWrittenLater() {
        ledger.lock(record -> record.rowId().equals("locked"));
        keeper.mark(new Session(closed("locked")));
        keeper.markNow(new Session(closed("row-1")));
        awaitRows("row-1");
        ledger.lock(record -> false);
        pass(Duration.ofSeconds(31));
        awaitRows("row-1", "locked");
        assertThat(log.of(StoreMessage.RECORD_LOST)).isEmpty();
    }

    @Test
    void whileTheLedgerIsAwayEverythingIsKeptAndWrittenWhenItIsBack() {
        ledger.fail();
        IntStream.range(0, 50).forEach(i -> keeper.markNow(new Session(closed("row-" + i))));
        await().untilAsserted(() -> assertThat(log.of(StoreMessage.LEDGER_DOWN)).hasSize(1));
        for (int i = 0; i < 20; i++) {
            pass(Duration.ofSeconds(5));
        }
        ledger.work();
        pass(Duration.ofSeconds(31));
        await().untilAsserted(() -> assertThat(ledger.rows()).hasSize(50));
        assertThat(log.of(StoreMessage.LEDGER_DOWN)).hasSize(1);
        await().untilAsserted(() -> assertThat(log.of(StoreMessage.LEDGER_UP)).singleElement().asString().contains("50 records"));
        assertThat(log.of(StoreMessage.RECORD_LOST)).isEmpty();
    }

    @Test
    void aLedgerThatIsAwayIsTriedLessAndLessOften() {
        ledger.fail();
        keeper.markNow(new Session(closed("row-1")));
        await().untilAsserted(() -> assertThat(failures).hasValue(1));
        List<Integer> tries = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            pass(Duration.ofSeconds(1));
            settled();
            tries.add(failures.get());
        }
        assertThat(tries.get(119)).as("%s", tries).isBetween(5, 9);
    }

    /** Sessions hold VMs and buffers; what an outage keeps of one is its record. */
    @Test
    void inALongOutageNoEndedSessionIsHeldAndRecordsUpToABound() {
        ledger.fail();
        List<WeakReference<Session>> sessions = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Session session = new Session(begun("row-" + i, "id-" + i, ALICE, NOON));
            sessions.add(new WeakReference<>(session));
            keeper.markNow(session);
            if (i % 2 == 0) {
                keeper.markNow(session.end());
            } else {
                session.end();
            }
        }
        pass(Duration.ofSeconds(1));
        await().untilAsserted(() -> {
            System.gc();
            assertThat(sessions).filteredOn(session -> session.get() != null).isEmpty();
        });
        assertThat(keeper.recent("hello", new Caller(ALICE, false), NOON)).hasSize(100);
        assertThat(log.of(StoreMessage.LEDGER_FULL)).hasSize(1);
        assertThat(log.of(StoreMessage.RECORD_LOST)).hasSize(900).first().asString().contains("too many records wait");
        ledger.work();
        pass(Duration.ofSeconds(31));
        await().untilAsserted(() -> assertThat(ledger.rows()).hasSize(100));
    }

    @Test
    void aLedgerThatHangsHoldsNobodyUpAndNoEndedSession() {
        ledger.hang();
        List<WeakReference<Session>> sessions = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Session session = new Session(begun("row-" + i, "id-" + i, ALICE, NOON));
            sessions.add(new WeakReference<>(session));
            keeper.markNow(session);
            keeper.markNow(session.end());
        }
        await().untilAsserted(() -> {
            System.gc();
            assertThat(sessions).filteredOn(session -> session.get() != null).hasSizeLessThanOrEqualTo(1);
        });
        ledger.work();
        await().untilAsserted(() -> {
            pass(Duration.ofSeconds(4));
            assertThat(ledger.rows()).hasSizeGreaterThanOrEqualTo(100);
        });
    }

    @Test
    void whatChangedWhileItWasBeingWrittenIsWrittenAgain() {
        ledger.hang();
        Session session = new Session(begun("row-1", "id-1", ALICE, NOON));
        keeper.markNow(session);
        keeper.markNow(session.end());
        ledger.work();
        await().untilAsserted(() -> {
            pass(Duration.ofSeconds(4));
            assertThat(ledger.rows()).singleElement().satisfies(row -> assertThat(row.closedAt()).isPresent());
        });
    }

    @Test
    void aMarkThatComesAfterTheEndChangesNothing() {
        ledger.fail();
        keeper.markNow(new Session(closed("row-1")));
        keeper.mark(new Session(begun("row-1", "id-1", ALICE, NOON)));
        assertThat(keeper.latest("hello", "id-of-row-1")).hasValueSatisfying(row -> assertThat(row.closedAt()).isPresent());
    }

    @Test
    void nothingIsWrittenBeforeAnEarlierRunsSessionsAreClosed() {
        AtomicBoolean away = new AtomicBoolean(true);
        keeper = new LedgerKeeper(ledger, store, clock, () -> {
            if (away.get()) {
                throw new LedgerException(LedgerException.Why.AWAY, "Not there yet.", new IllegalStateException());
            }
        }, failures::incrementAndGet);
        keeper.markNow(new Session(closed("row-1")));
        pass(Duration.ofSeconds(4));
        settled();
        assertThat(ledger.rows()).isEmpty();
        await().untilAsserted(() -> assertThat(log.of(StoreMessage.LEDGER_DOWN)).hasSize(1));
        away.set(false);
        pass(Duration.ofSeconds(31));
        awaitRows("row-1");
    }

    @Test
    void sessionsThatTheLedgerDoesNotHaveYetAreListedForThoseWhoMaySeeThem() {
        ledger.save(List.of(closed("row-0")));
        ledger.fail();
        keeper.mark(new Session(closed("row-1")));
        keeper.mark(new Session(begun("row-2", "id-2", BOB, NOON)));
        assertThat(keeper.recent("hello", new Caller(ALICE, false), NOON)).containsOnlyKeys("row-1");
        assertThat(keeper.recent("other", new Caller(ALICE, true), NOON)).isEmpty();
        ledger.work();
        assertThat(keeper.recent("hello", new Caller(ALICE, true), NOON)).containsOnlyKeys("row-0", "row-1", "row-2");
    }

    @Test
    void whetherASessionWasThereIsNotGuessedWhileTheLedgerCannotBeRead() {
        ledger.fail();
        assertThatThrownBy(() -> keeper.latest("hello", "id-1")).isInstanceOfSatisfying(RequestException.class,
                e -> assertThat(e.kind()).isEqualTo(RequestException.Kind.PLATFORM));
        ledger.work();
        assertThat(keeper.latest("hello", "id-1")).isEmpty();
    }

    @Test
    void aFailedReadingIsOverWhenTheLedgerWorksAgain() {
        ledger.fail();
        keeper.recent("hello", new Caller(ALICE, false), NOON);
        assertThat(log.of(StoreMessage.LEDGER_DOWN)).hasSize(1);
        pass(Duration.ofSeconds(4));
        settled();
        assertThat(log.of(StoreMessage.LEDGER_UP)).isEmpty();
        ledger.work();
        pass(Duration.ofSeconds(31));
        await().untilAsserted(() -> assertThat(log.of(StoreMessage.LEDGER_UP)).hasSize(1));
    }

    @Test
    void whatIsLeftAtTheEndIsWrittenOrToldInTheLog() {
        keeper.mark(new Session(closed("row-1")));
        keeper.close();
        awaitRows("row-1");
        assertThat(log.of(StoreMessage.RECORD_LOST)).isEmpty();
        ledger.fail();
        keeper.mark(new Session(closed("row-2")));
        keeper.close();
        assertThat(log.of(StoreMessage.RECORD_LOST)).singleElement().asString().contains("the server stopped", "row row-2,", "5 ns of CPU");
    }

    @Test
    void theEndWaitsForWhoeverWritesAtThatMoment() {
        ledger.hang();
        keeper.markNow(new Session(closed("row-1")));
        keeper.mark(new Session(closed("row-2")));
        CompletableFuture<Void> end = CompletableFuture.runAsync(keeper::close);
        ledger.work();
        assertThat(end).succeedsWithin(Duration.ofSeconds(20));
        awaitRows("row-1", "row-2");
        assertThat(log.of(StoreMessage.RECORD_LOST)).isEmpty();
    }

    @Test
    void textOfAGuestDoesNotForgeALineOfTheLog() {
        ledger.refuse(record -> true);
        keeper.markNow(new Session(Records.saying("row-1", "x\r\nAGRT0001I: forged\0\u001b[31m")));
        await().untilAsserted(() -> assertThat(log.of(StoreMessage.RECORD_LOST)).singleElement().asString().doesNotContainPattern("\\p{Cc}"));
    }

    @Test
    void threadsThatHaveBeenStoppedAreToldAndNotThrownAtCallers() {
        keeper = new LedgerKeeper(ledger, work -> {
            throw new RejectedExecutionException();
        }, clock, () -> { }, failures::incrementAndGet);
        keeper.markNow(new Session(closed("row-1")));
        keeper.close();
        assertThat(log.of(StoreMessage.RECORD_LOST)).hasSize(1);
    }

    @Test
    void aProcessWithoutThreadsForAMomentLosesNoRecord() {
        AtomicBoolean outOfThreads = new AtomicBoolean(true);
        keeper = new LedgerKeeper(ledger, work -> {
            if (outOfThreads.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            store.execute(work);
        }, clock, () -> { }, failures::incrementAndGet);
        keeper.markNow(new Session(closed("row-1")));
        outOfThreads.set(false);
        await().untilAsserted(() -> {
            pass(Duration.ofSeconds(31));
            assertThat(ledger.rows()).extracting(SessionRecord::rowId).containsExactly("row-1");
        });
        assertThat(log.of(StoreMessage.RECORD_LOST)).isEmpty();
    }

    @OnEachDatabase
    void aPoisonRecordCostsOneRecordOnARealDatabase(TestDatabase database) {
        keeper = new LedgerKeeper(new JdbcLedger(new Database(database)), store, clock, () -> { }, failures::incrementAndGet);
        keeper.mark(new Session(begun("poison", "id-1", ALICE, Instant.MAX)));
        IntStream.range(0, 300).forEach(i -> keeper.mark(new Session(closed("row-" + i))));
        keeper.writeSoon();
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(log.of(StoreMessage.RECORD_LOST)).singleElement().asString()
                .contains("row poison,"));
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() ->
                assertThat(database.select("SELECT row_id FROM agent_session")).hasSize(300));
    }

    @OnEachDatabase
    void aDatabaseThatDiesAndComesBackHasEveryRecord(TestDatabase database) {
        Gate gate = new Gate(database);
        keeper = new LedgerKeeper(new JdbcLedger(new Database(gate)), store, clock, () -> { }, failures::incrementAndGet);
        keeper.markNow(new Session(closed("row-0")));
        // The table comes with the first record.
        await().ignoreExceptionsInstanceOf(SQLException.class)
                .untilAsserted(() -> assertThat(database.select("SELECT row_id FROM agent_session")).hasSize(1));
        gate.fail();
        IntStream.range(1, 500).forEach(i -> keeper.markNow(new Session(closed("row-" + i))));
        await().untilAsserted(() -> assertThat(log.of(StoreMessage.LEDGER_DOWN)).hasSize(1));
        gate.work();
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            pass(Duration.ofSeconds(31));
            assertThat(database.select("SELECT row_id FROM agent_session")).hasSize(500);
        });
        assertThat(log.of(StoreMessage.RECORD_LOST)).isEmpty();
    }

    private LedgerKeeper keeper(int mostEnded) {
        return new LedgerKeeper(ledger, store, clock, () -> { }, failures::incrementAndGet, mostEnded);
    }

    private void pass(Duration time) {
        keeper.tick(clock.advance(time));
    }

    /** What was handed to the store's threads has been done: both of them are free at once. */
    private void settled() {
        CyclicBarrier bothAreFree = new CyclicBarrier(2);
        Future<Integer> one = store.submit(() -> bothAreFree.await());
        assertThat(store.submit(() -> bothAreFree.await())).succeedsWithin(Duration.ofSeconds(10));
        assertThat(one).succeedsWithin(Duration.ofSeconds(10));
    }

    private void awaitRows(String... rows) {
        await().untilAsserted(() -> assertThat(ledger.rows()).extracting(SessionRecord::rowId).containsExactlyInAnyOrder(rows));
    }
}
