package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.SessionOrigin;
import dev.agentruntime.sessions.OnStop;
import dev.agentruntime.sessions.SessionSettings;
import dev.agentruntime.spi.SessionFacts;
import dev.agentruntime.spi.SessionPart;
import dev.agentruntime.spi.SessionRoom;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import dev.agentruntime.store.Kept;
import dev.agentruntime.store.SessionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import org.junit.jupiter.api.Test;

/** One session of an earlier run is in trouble: what becomes of it, and of everybody else. */
final class AdoptionFaultsTest extends PlatformTestBase {

    private static final String OTHER = ID + "-2";

    @Test
    void aSessionThatTakesLongToBeTakenUpHoldsUpItsOwnCallersAlone() {
        startReady();
        FakeVm slow = known(ID);
        FakeVm quick = known(OTHER);
        kill();
        CountDownLatch goOn = new CountDownLatch(1);
        start(config(hello()), () -> List.of(room(session -> {
            if (session.sessionId().equals(ID)) {
                await().until(() -> goOn.getCount() == 0);
            }
        })));
        CompletionStage<Invocation> asking = asking(ID, ALICE);
        CompletionStage<Invocation> other = asking(OTHER, ALICE);
        platform.tick();
        assertThat(get(other).vm()).isEqualTo(quick.name());
        assertThat(asking.toCompletableFuture()).isNotCompleted();
        goOn.countDown();
        assertThat(get(asking).vm()).isEqualTo(slow.name());
    }

    @Test
    void aRecordOfWhichNothingCanBeMadeKeepsNoOtherSessionNorAnyAgentFromItsTurn() {
        startReady();
        FakeVm broken = known(ID);
        FakeVm whole = known(OTHER);
        kill();
        SessionRecord record = row(ID);
        Kept kept = record.kept().orElseThrow();
        ledger.save(List.of(record.keeping(Optional.of(new Kept(kept.tenant(), new Kept.Agent("no path", false, Set.of(), Optional.empty(), Optional.empty()),
                kept.idleTimeout(), kept.meteredAt(), kept.memoryBytes(), kept.baselineVcpuNanos(), kept.snapshot())))));
        startReady();
        await().until(() -> broken.isDestroyed() || again());
        assertThat(invoke(OTHER, ALICE).vm()).isEqualTo(whole.name());
        await().until(() -> row(ID).closedAt().isPresent() || again());
        assertThat(row(ID).view().terminationReason()).hasValueSatisfying(why -> assertThat(why).contains("could not go on"));
        assertThat(invoke(ID, ALICE).origin()).isEqualTo(SessionOrigin.RENEWED);
    }

    @Test
    void ofASessionThatARoomKeepsFromGoingOnMetersAreToldNeitherBeginningNorEnd() {
        startReady();
        FakeVm vm = known(ID);
        kill();
        recorder.told.clear();
        start(config(hello()), () -> List.of(room(session -> {
            throw new IllegalStateException("no room");
        })));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        await().until(() -> row(ID).closedAt().isPresent() || again());
        assertThat(vm.isDestroyed()).isTrue();
        assertThat(recorder.told).noneMatch(told -> told.startsWith("began") || told.startsWith("moved") || told.startsWith("ended"));
    }

    @Test
    void aSessionWhoseVmDiedWhileTheServerWasAwayWasThereUntilItsLastRow() {
        startReady();
        FakeVm vm = known(ID);
        kill();
        Instant killed = clock.instant();
        vm.die("killed.");
        clock.advance(Duration.ofDays(3));
        startReady();
        await().until(() -> row(ID).closedAt().isPresent() || again());
        assertThat(row(ID).usedUntil()).isBeforeOrEqualTo(killed);
    }

    @Test
    void aServerThatStopsWhileItClearsUpDestroysNothingThatItLeaves() {
        driver.stuck(Map.of("orphan", "It does not end."));
        SessionSettings usual = config().sessions();
        start(config(new SessionSettings(usual.limits(), usual.quotas(), Map.of(), OnStop.KEEP), hello()));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        FakeVm vm = known(ID);
        driver.failures().hold(FakeDriver.Step.SURVEY);
        pass(Duration.ofSeconds(6));
        await().until(() -> atWork() > 0);
        platform.close();
        assertThat(driver.left()).containsExactly(vm);
        driver.failures().release(FakeDriver.Step.SURVEY);
        await().until(() -> atWork() == 0);
        assertThat(driver.left()).containsExactly(vm);
    }

    private interface Joining {
        void join(SessionFacts session);
    }

    private static SessionRoom room(Joining joining) {
        return new SessionRoom() {
            @Override
            public String name() {
                return "trouble";
            }

            @Override
            public SessionPart join(SessionFacts session) {
                joining.join(session);
                return () -> { };
            }
        };
    }

    /** A session whose first request is over, as the ledger knows. */
    private FakeVm known(String id) {
        FakeVm vm = served(id, ALICE);
        await().until(() -> ledger.rows().stream().anyMatch(row -> row.view().sessionId().equals(id) && row.kept().isPresent()) || again());
        return vm;
    }

    private SessionRecord row(String id) {
        return ledger.rows().stream().filter(row -> row.view().sessionId().equals(id)).findFirst().orElseThrow();
    }

    private boolean again() {
        pass(Duration.ofMillis(100));
        return false;
    }

    /** The server is, with all that it does; its VMs go on. */
    private void kill() {
        List.copyOf(pools).forEach(pool -> pool.shutdownNow());
        driver.crash();
    }

    /** How many threads work for VMs. */
    private int atWork() {
        return ((ThreadPoolExecutor) pools.get(0)).getActiveCount();
    }
}
