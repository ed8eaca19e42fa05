package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Usage;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.store.SessionRecord;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What an earlier run of the server left: VMs at the hypervisor, open records in the ledger. */
final class EarlierRunTest extends PlatformTestBase {

    @Test
    void anAgentIsMadeReadyWhileTheDatabaseHangsFromTheStartOn() {
        ledger.hang();
        start(config(hello()));
        await().untilAsserted(() -> {
            pass(Duration.ofSeconds(1));
            assertThat(platform.runtime("hello").status()).isEqualTo(AgentRuntimeView.Status.READY);
        });
        ledger.work();
    }

    @Test
    void aVmThatCannotBeDestroyedYetKeepsNoAgentFromBeingMadeReady() {
        leave("row-1", "vm-1");
        leave("row-2", "vm-2");
        driver.leftovers(Map.of("vm-1", reading(7_000), "vm-2", reading(9_000)));
        driver.stuck(Map.of("vm-2", "The VM vm-2 does not end."));
        startReady();
        await().untilAsserted(() -> assertThat(row("row-1").closedAt()).isPresent());
        assertThat(row("row-1").view().usage().cpuNanos()).isEqualTo(6_000);
        assertThat(row("row-2").closedAt()).isEmpty();
        served(ID + "-new", ALICE);
        driver.stuck(Map.of());
        await().untilAsserted(() -> {
            pass(Duration.ofSeconds(5));
            assertThat(row("row-2").closedAt()).isPresent();
        });
        assertThat(row("row-2").view().usage().cpuNanos()).isEqualTo(8_000);
    }

    @Test
    void whatCannotBeLookedThroughKeepsNoAgentFromBeingMadeReady() {
        leave("row-1", "vm-1");
        driver.failures().always(FakeDriver.Step.RECLAIM, () -> new VmException("The control groups cannot be read."));
        startReady();
        served(ID + "-new", ALICE);
        assertThat(row("row-1").closedAt()).isEmpty();
        driver.failures().heal(FakeDriver.Step.RECLAIM);
        await().untilAsserted(() -> {
            pass(Duration.ofSeconds(6));
            assertThat(row("row-1").closedAt()).isPresent();
        });
    }

    @Test
    void readingsAreKeptUntilTheLedgerTakesThem() {
        leave("row-1", "vm-1");
        driver.leftovers(Map.of("vm-1", reading(7_000)));
        ledger.fail();
        startReady();
        CompletionStage<Invocation> asking = asking(ID + "-new", ALICE);
        ledger.work();
        pass(Duration.ofSeconds(4));
        get(asking).close(Invocation.Outcome.SUCCESS);
        await().untilAsserted(() -> {
            pass(Duration.ofSeconds(4));
            assertThat(row("row-1").closedAt()).isPresent();
        });
        assertThat(row("row-1").view().usage().cpuNanos()).isEqualTo(6_000);
        await().untilAsserted(() -> {
            pass(Duration.ofSeconds(4));
            assertThat(ledger.rows()).hasSize(2);
        });
        assertThat(ledger.rows().get(1).view().status()).isEqualTo(SessionView.Status.IDLE);
    }

    @Test
    void recordsOfThisRunAreWrittenWhileTheHypervisorIsAway() {
        leave("row-1", "vm-1");
        driver.leftovers(Map.of("vm-1", reading(7_000)));
        driver.failures().always(FakeDriver.Step.SURVEY, () -> new HypervisorAwayException("libvirtd does not answer."));
        start(config(hello()));
        pass(Duration.ofSeconds(6));
        assertThat(platform.runtime("hello").status()).isEqualTo(AgentRuntimeView.Status.CREATING);
        assertThat(row("row-1").closedAt()).isEmpty();
        driver.failures().heal(FakeDriver.Step.SURVEY);
        await().untilAsserted(() -> {
            pass(Duration.ofSeconds(6));
            assertThat(row("row-1").closedAt()).isPresent();
            assertThat(platform.runtime("hello").status()).isEqualTo(AgentRuntimeView.Status.READY);
        });
    }

    @Test
    void sessionsOfThisRunAreNotTakenForThoseOfTheEarlierOne() {
        driver.stuck(Map.of("vm-1", "The VM vm-1 does not end."));
        startReady();
        served(ID, ALICE);
        await().until(() -> !ledger.rows().isEmpty());
        driver.stuck(Map.of());
        pass(Duration.ofSeconds(6));
        pass(Duration.ofSeconds(6));
        assertThat(platform.session("hello", ID, ALICE).status()).isEqualTo(SessionView.Status.IDLE);
        assertThat(ledger.rows()).singleElement().satisfies(row -> assertThat(row.closedAt()).isEmpty());
    }

    @Test
    void whatAVmHeldFromItsSessionsLastRowUntilItsEndCountsToo() {
        leave("row-1", "vm-1");
        clock.advance(Duration.ofSeconds(100));
        driver.leftovers(Map.of("vm-1", new MeterReading(7_000, 1_000, MeterSource.CGROUP)));
        startReady();
        await().untilAsserted(() -> {
            pass(Duration.ofSeconds(4));
            assertThat(row("row-1").closedAt()).isPresent();
        });
        SessionRecord closed = row("row-1");
        long seconds = Duration.between(closed.view().lastActivityAt(), closed.closedAt().orElseThrow()).toSeconds();
        assertThat(seconds).isGreaterThanOrEqualTo(100);
        assertThat(closed.view().usage().memoryByteSeconds()).isEqualByComparingTo(BigDecimal.valueOf(10 + 1_000 * seconds));
        assertThat(closed.view().usage().peakMemoryBytes()).isEqualTo(1_000);
    }

    private SessionRecord row(String id) {
        return ledger.rows().stream().filter(row -> row.rowId().equals(id)).findFirst().orElseThrow();
    }

    private static MeterReading reading(long cpuNanos) {
        return new MeterReading(cpuNanos, 0, MeterSource.CGROUP);
    }

    private void leave(String row, String vm) {
        ledger.save(List.of(new SessionRecord(row, "test1",
                new SessionView(row + "-0123456789-0123456789-0123456789", "hello", "abc", SessionView.Status.IDLE, ALICE.subject(),
                        clock.instant(), clock.instant(), Optional.of(StartMode.CLONE), Optional.of(Duration.ofSeconds(1)),
                        Optional.of(vm), Optional.empty(), new Usage(500, BigDecimal.TEN, 100, 1, MeterSource.CGROUP)),
                Optional.of(1_000L), Optional.empty(), Optional.empty())));
    }
}
