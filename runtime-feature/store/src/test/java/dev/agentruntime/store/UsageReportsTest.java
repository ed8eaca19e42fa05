package dev.agentruntime.store;

import static dev.agentruntime.store.Records.ALICE;
import static dev.agentruntime.store.Records.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Usage;
import dev.agentruntime.store.UsageQuery.By;
import dev.agentruntime.store.UsageQuery.Servers;
import dev.agentruntime.store.UsageQuery.Servers.Which;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class UsageReportsTest {

    private static final Instant EVENING = Instant.parse("2026-01-01T23:59:00Z");
    private static final LocalDate FIRST = LocalDate.parse("2026-01-01");

    private static SessionRecord used(String row, String runtime, Subject owner, long cpu, Instant until) {
        Usage usage = new Usage(cpu, cpu / 2, 40, BigDecimal.valueOf(cpu, 9), cpu, cpu / 100, MeterSource.CGROUP);
        return new SessionRecord(row, "server1", new SessionView("id-of-" + row, runtime, "", SessionView.Status.ACTIVE, owner, EVENING,
                EVENING, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), usage), Optional.empty(), Optional.empty(),
                Optional.empty(), until);
    }

    private static SessionRecord used(long cpu, Instant until) {
        return used("row-1", "hello", ALICE, cpu, until);
    }

    private static UsageQuery by(By... by) {
        return new UsageQuery(Set.of(by), Optional.empty(), Optional.empty(), FIRST, FIRST.plusDays(9));
    }

    private static List<UsageSum> read(TestDatabase database, UsageQuery query) {
        return new UsageReports(new Database(database)).read(query);
    }

    private static Ledger ledger(TestDatabase database) {
        return new JdbcLedger(new Database(database));
    }

    private static UsageQuery on(String server, Which which) {
        return new UsageQuery(Set.of(By.AGENT), Optional.empty(), Optional.empty(), FIRST, FIRST.plusDays(9), Optional.of(new Servers(server, which)));
    }

    @OnEachDatabase
    void oneServersSessionsAreToldFromThoseOfTheOthersOnItsDatabase(TestDatabase database) {
        Ledger ledger = ledger(database);
        SessionRecord there = used("row-2", "hello", BOB, 70, EVENING.plusSeconds(1));
        SessionRecord elsewhere = new SessionRecord(there.rowId(), "server2", there.view(), there.baselineCpuNanos(), there.reasonCode(), there.closedAt(),
                there.usedUntil());
        ledger.save(List.of(used(300, EVENING.plusSeconds(30)), elsewhere));
        assertThat(read(database, on("server1", Which.THIS))).extracting(UsageSum::cpuNanos).containsExactly(300L);
        assertThat(read(database, on("server1", Which.OTHERS))).extracting(UsageSum::cpuNanos).containsExactly(70L);
        assertThat(read(database, on("server3", Which.THIS))).isEmpty();
        assertThat(read(database, by(By.AGENT))).extracting(UsageSum::cpuNanos).containsExactly(370L);
        UsageQuery all = new UsageQuery(Set.of(), Optional.of("hello"), Optional.of(BOB), FIRST, FIRST, Optional.of(new Servers("server1", Which.OTHERS)));
        assertThat(read(database, all)).extracting(UsageSum::cpuNanos).containsExactly(70L);
    }

    @OnEachDatabase
    void whatASessionUsesAfterMidnightCountsForTheNextDay(TestDatabase database) {
        Ledger ledger = ledger(database);
        ledger.save(List.of(used(300, EVENING.plusSeconds(30))));
        ledger.save(List.of(used(1000, EVENING.plusSeconds(90))));
        assertThat(read(database, by(By.DAY))).extracting(sum -> sum.day().orElseThrow() + " " + sum.cpuNanos())
                .containsExactly("2026-01-01 300", "2026-01-02 700");
        assertThat(read(database, by(By.DAY))).extracting(UsageSum::wall).containsExactly(Duration.ofSeconds(30), Duration.ofSeconds(60));
        assertThat(read(database, by())).singleElement().satisfies(sum -> {
            assertThat(sum.cpuNanos()).isEqualTo(1000);
            assertThat(sum.vcpuNanos()).isEqualTo(500);
            assertThat(sum.platformNanos()).isEqualTo(40);
            assertThat(sum.memoryByteSeconds()).isEqualByComparingTo("0.000001");
            assertThat(sum.peakMemoryBytes()).isEqualTo(1000);
            assertThat(sum.invocations()).isEqualTo(10);
            assertThat(sum.sessions()).isEqualTo(1);
            assertThat(sum.wall()).isEqualTo(Duration.ofSeconds(90));
        });
    }

    @OnEachDatabase
    void writingARecordAgainChangesNothing(TestDatabase database) {
        Ledger ledger = ledger(database);
        SessionRecord before = used(300, EVENING.plusSeconds(30));
        SessionRecord after = used(1000, EVENING.plusSeconds(90));
        ledger.save(List.of(before, before, after, after, before));
        ledger.save(List.of(after));
        assertThat(read(database, by(By.DAY))).extracting(UsageSum::cpuNanos).containsExactly(300L, 700L);
    }

    @OnEachDatabase
    void aClockThatIsSetBackMovesNothing(TestDatabase database) {
        Ledger ledger = ledger(database);
        ledger.save(List.of(used(300, EVENING.plusSeconds(90))));
        ledger.save(List.of(used(1000, EVENING.plusSeconds(30))));
        assertThat(read(database, by(By.DAY))).extracting(sum -> sum.day().orElseThrow() + " " + sum.cpuNanos())
                .containsExactly("2026-01-02 1000");
    }

    /** Whatever is written, and however often, the sum of the days is the most that was used, and no day falls. */
    @OnEachDatabase
    void theDaysOfASessionAreTogetherWhatItHasUsed(TestDatabase database) throws SQLException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Ledger ledger = ledger(database);
        List<SessionRecord> written = new ArrayList<>();
        long cpu = 0;
        Instant now = EVENING;
        for (int i = 0; i < 60; i++) {
            cpu += random.nextInt(1000);
            now = now.plusSeconds(random.nextInt(40_000));
            written.add(used(cpu, now));
            ledger.save(List.of(written.get(written.size() - 1), written.get(random.nextInt(written.size()))));
        }
        assertThat(database.select("SELECT SUM(cpu_nanos) FROM agent_usage_day")).as("seed %d", seed).containsExactly(Long.toString(cpu));
        assertThat(database.select("SELECT cpu_nanos FROM agent_usage_day WHERE cpu_nanos < 0")).as("seed %d", seed).isEmpty();
    }

    @OnEachDatabase
    void usageIsToldApartByWhatIsAskedFor(TestDatabase database) {
        ledger(database).save(List.of(used("row-1", "hello", ALICE, 100, EVENING), used("row-2", "hello", BOB, 200, EVENING),
                used("row-3", "other", ALICE, 400, EVENING.plusSeconds(90)), used("row-4", "hello", ALICE, 800, EVENING)));
        assertThat(read(database, by(By.AGENT))).extracting(sum -> sum.runtime().orElseThrow() + " " + sum.sessions() + " " + sum.cpuNanos())
                .containsExactly("hello 3 1100", "other 1 400");
        assertThat(read(database, by(By.SUBJECT))).extracting(sum -> sum.subject().orElseThrow().name() + " " + sum.cpuNanos())
                .containsExactly("alice 1300", "bob 200");
        assertThat(read(database, by(By.DAY, By.AGENT))).extracting(sum -> sum.day().orElseThrow() + " " + sum.runtime().orElseThrow() + " " + sum.cpuNanos())
                .containsExactly("2026-01-01 hello 1100", "2026-01-02 other 400");
        assertThat(read(database, by(By.SESSION))).hasSize(4).allSatisfy(sum -> {
            assertThat(sum.sessionId()).isPresent();
            assertThat(sum.runtime()).isPresent();
            assertThat(sum.subject()).isPresent();
        });
    }

    @OnEachDatabase
    void asManyRowsAreReadAsWhoeverAsksCanTake(TestDatabase database) {
        ledger(database).save(List.of(used("row-1", "hello", ALICE, 100, EVENING), used("row-2", "other", ALICE, 400, EVENING)));
        assertThat(new UsageReports(new Database(database)).read(by(By.AGENT), 1)).extracting(UsageSum::cpuNanos).containsExactly(100L);
        assertThat(new UsageReports(new Database(database)).read(by(By.AGENT), 1_000_000)).hasSize(2);
    }

    @OnEachDatabase
    void onlyWhatIsAskedForIsCounted(TestDatabase database) {
        ledger(database).save(List.of(used("row-1", "hello", ALICE, 100, EVENING), used("row-2", "hello", BOB, 200, EVENING),
                used("row-3", "other", ALICE, 400, EVENING.plusSeconds(90))));
        UsageQuery alices = new UsageQuery(Set.of(), Optional.empty(), Optional.of(ALICE), FIRST, FIRST.plusDays(9));
        assertThat(read(database, alices)).extracting(UsageSum::cpuNanos).containsExactly(500L);
        UsageQuery hellos = new UsageQuery(Set.of(), Optional.of("hello"), Optional.of(ALICE), FIRST, FIRST.plusDays(9));
        assertThat(read(database, hellos)).extracting(UsageSum::cpuNanos).containsExactly(100L);
        UsageQuery secondDay = new UsageQuery(Set.of(), Optional.empty(), Optional.empty(), FIRST.plusDays(1), FIRST.plusDays(1));
        assertThat(read(database, secondDay)).extracting(UsageSum::cpuNanos).containsExactly(400L);
        UsageQuery nobodys = new UsageQuery(Set.of(), Optional.empty(), Optional.of(new Subject("https://other", "alice")), FIRST, FIRST.plusDays(9));
        assertThat(read(database, nobodys)).isEmpty();
    }

    @OnEachDatabase
    void textThatNoRowCanHaveFindsNothing(TestDatabase database) {
        assertThat(read(database, new UsageQuery(Set.of(), Optional.of("a\0b"), Optional.empty(), FIRST, FIRST))).isEmpty();
        assertThat(read(database, new UsageQuery(Set.of(), Optional.of("' OR 1 = 1"), Optional.of(new Subject("'", "\0")), FIRST, FIRST))).isEmpty();
    }

    @Test
    void aDatabaseThatIsAwayIsTold() {
        UsageReports reports = new UsageReports(new Database(() -> {
            throw new SQLException("It is away.", "08001");
        }));
        assertThatThrownBy(() -> reports.read(by())).isInstanceOfSatisfying(LedgerException.class,
                e -> assertThat(e.why()).isEqualTo(LedgerException.Why.AWAY)).hasMessageContaining("It is away.");
    }
}
