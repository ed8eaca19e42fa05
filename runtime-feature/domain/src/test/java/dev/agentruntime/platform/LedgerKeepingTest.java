package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Usage;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import dev.agentruntime.store.SessionRecord;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LedgerKeepingTest extends PlatformTestBase {

    @Test
    void whoStopsManySessionsThatNeverWereHoldsUpNoLedgerThatIsSlow() {
        startReady();
        ledger.hang();
        List<CompletionStage<SessionView>> stops = IntStream.range(0, 16).mapToObj(i -> platform.stop("hello", ID + "-" + i, ALICE)).toList();
        assertThat(refused(platform.stop("hello", ID, ALICE)).kind()).isEqualTo(Kind.THROTTLED);
        ledger.work();
        stops.forEach(stop -> assertThat(refused(stop).kind()).isEqualTo(Kind.NOT_FOUND));
        assertThat(refused(platform.stop("hello", ID, ALICE)).kind()).isEqualTo(Kind.NOT_FOUND);
    }

    @Test
    void aFailureOfThePlatformReachesWhoStopsASessionThroughTheFuture() {
        startReady();
        pools.forEach(ExecutorService::shutdownNow);
        assertThat(platform.stop("hello", ID, ALICE).toCompletableFuture()).failsWithin(Duration.ofSeconds(5));
    }

    @Test
    void aServingSessionsBaselineIsWrittenAtOnce() {
        startReady();
        served(ID, ALICE);
        await().untilAsserted(() -> assertThat(ledger.rows()).singleElement().satisfies(row ->
                assertThat(row.baselineCpuNanos()).contains(Duration.ofMillis(350).toNanos())));
    }

    @Test
    void anInvocationDoesNotNeedTheLedger() {
        startReady();
        ledger.fail();
        served(ID, ALICE);
        await().until(() -> recorder.told.contains("failed ledger"));
    }

    @Test
    void whatCouldNotBeWrittenIsWrittenLater() {
        startReady();
        ledger.fail();
        FakeVm vm = served(ID, ALICE);
        vm.burn(Duration.ofSeconds(5));
        get(platform.stop("hello", ID, ALICE));
        assertThat(platform.session("hello", ID, ALICE).usage().cpuNanos()).isEqualTo(Duration.ofSeconds(5).toNanos());
        assertThat(refused(asking(ID, BOB)).kind()).isEqualTo(Kind.FORBIDDEN);
        ledger.work();
        await().untilAsserted(() -> {
            pass(Duration.ofSeconds(1));
            assertThat(ledger.rows()).singleElement().satisfies(row -> {
                assertThat(row.closedAt()).isPresent();
                assertThat(row.view().usage().cpuNanos()).isEqualTo(Duration.ofSeconds(5).toNanos());
            });
        });
    }

    @Test
    void usageIsWrittenWhileASessionRuns() {
        startReady();
        FakeVm vm = served(ID, ALICE);
        vm.burn(Duration.ofSeconds(5));
        platform.session("hello", ID, ALICE);
        await().untilAsserted(() -> {
            pass(Duration.ofSeconds(1));
            assertThat(ledger.rows()).singleElement().satisfies(row ->
                    assertThat(row.view().usage().cpuNanos()).isEqualTo(Duration.ofSeconds(5).toNanos()));
        });
    }

    @Test
    void sessionsThatAnEarlierRunLeftAreClosedWithTheirLastReading() {
        leave("row-1", Optional.of("vm-1"), Optional.of(1_000L));
        leave("row-2", Optional.empty(), Optional.empty());
        driver.leftovers(Map.of("vm-1", new MeterReading(7_000, 0, MeterSource.CGROUP)));
        startReady();
        await().untilAsserted(() -> assertThat(ledger.rows()).allSatisfy(row -> {
            assertThat(row.closedAt()).isPresent();
            assertThat(row.reasonCode()).contains("SERVER_RESTART");
            assertThat(row.view().status()).isEqualTo(SessionView.Status.TERMINATED);
            assertThat(row.view().terminationReason().orElseThrow()).contains("server restart");
        }));
        assertThat(ledger.rows().get(0).view().usage().cpuNanos()).isEqualTo(6_000);
        assertThat(refused(asking(ID, BOB)).kind()).isEqualTo(Kind.FORBIDDEN);
    }

    @Test
    void theLedgerMayComeAfterTheServer() {
        leave("row-1", Optional.of("vm-1"), Optional.of(1_000L));
        ledger.fail();
        driver.leftovers(Map.of("vm-1", new MeterReading(7_000, 0, MeterSource.CGROUP)));
        startReady();
        CompletionStage<Invocation> asking = asking(ID + "-2", ALICE);
        ledger.work();
        pass(Duration.ofSeconds(4));
        get(asking).close(Invocation.Outcome.SUCCESS);
        await().untilAsserted(() -> {
            assertThat(ledger.rows()).hasSize(2);
            assertThat(ledger.rows().get(0).view().usage().cpuNanos()).isEqualTo(6_000);
        });
    }

    @Test
    void nothingIsMadeReadyBeforeOldVmsAreGone() {
        driver.failures().next(FakeDriver.Step.RECLAIM, new VmException("libvirtd does not answer."));
        start(config(hello()));
        platform.tick();
        assertThat(platform.runtime("hello").status()).isEqualTo(AgentRuntimeView.Status.CREATING);
        await().untilAsserted(() -> {
            pass(Duration.ofSeconds(6));
            assertThat(platform.runtime("hello").status()).isEqualTo(AgentRuntimeView.Status.READY);
        });
    }

    @Test
    void sessionsThatEndedLongAgoAreKeptButNotListed() {
        startReady();
        served(ID, ALICE);
        get(platform.stop("hello", ID, ALICE));
        assertThat(platform.sessions("hello", ALICE)).hasSize(1);
        await().until(() -> ledger.rows().get(0).closedAt().isPresent());
        clock.advance(Duration.ofHours(25));
        assertThat(platform.sessions("hello", ALICE)).isEmpty();
        assertThat(platform.session("hello", ID, ALICE).sessionId()).isEqualTo(ID);
    }

    private void leave(String row, Optional<String> vm, Optional<Long> baseline) {
        directory.remember("hello", ID, ALICE.subject(), "test1");
        ledger.save(List.of(new SessionRecord(row, "test1",
                new SessionView(ID, "hello", "abc", SessionView.Status.IDLE, ALICE.subject(), clock.instant(),
                        clock.instant(), Optional.of(StartMode.CLONE), Optional.of(Duration.ofSeconds(1)), vm,
                        Optional.empty(),
                        new Usage(500, BigDecimal.TEN, 100, 1, MeterSource.CGROUP)),
                baseline, Optional.empty(), Optional.empty())));
    }
}
