package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.agents.PoolBounds;
import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.EndCode;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionOrigin;
import dev.agentruntime.api.SessionProbe;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.SessionView.Status;
import dev.agentruntime.sessions.Limits;
import dev.agentruntime.sessions.OnStop;
import dev.agentruntime.sessions.Quotas;
import dev.agentruntime.sessions.SessionSettings;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.SessionFacts;
import dev.agentruntime.spi.SessionGuest;
import dev.agentruntime.spi.SessionPart;
import dev.agentruntime.spi.SessionRoom;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import dev.agentruntime.store.SessionRecord;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The server is killed, or stops and starts again, while sessions live. */
final class AdoptionTest extends PlatformTestBase {

    @Test
    void aSessionGoesOnInItsVmForItsOwnerAlone() {
        startReady();
        FakeVm vm = written(ID);
        startAgain();
        Invocation again = invoke(ID, ALICE);
        assertThat(again.vm()).isEqualTo(vm.name());
        assertThat(again.origin()).isEqualTo(SessionOrigin.CONTINUED);
        assertThat(refused(asking(ID, BOB)).kind()).isEqualTo(Kind.FORBIDDEN);
        again.close(Invocation.Outcome.SUCCESS);
        assertThat(driver.live()).containsExactly(vm);
        assertThat(ledger.rows()).hasSize(1);
    }

    @Test
    void itsUsageGoesOnWithWhatItUsedWhileTheServerWasAway() {
        startReady();
        FakeVm vm = written(ID);
        SessionView before = platform.session("hello", ID, ALICE);
        await().until(() -> row().view().usage().equals(before.usage()) || tickAgain());
        crash();
        vm.burn(Duration.ofSeconds(3));
        clock.advance(Duration.ofMinutes(10));
        restart();
        SessionView after = platform.session("hello", ID, ALICE);
        assertThat(after.usage().cpuNanos() - before.usage().cpuNanos()).isEqualTo(Duration.ofSeconds(3).toNanos());
        assertThat(after.usage().invocations()).isEqualTo(1);
        assertThat(after.createdAt()).isEqualTo(before.createdAt());
        assertThat(after.startTime()).isEqualTo(before.startTime());
        BigDecimal tenMinutes = BigDecimal.valueOf(64L << 20).multiply(BigDecimal.valueOf(600));
        assertThat(after.usage().memoryByteSeconds().subtract(before.usage().memoryByteSeconds())).isBetween(tenMinutes,
                tenMinutes.add(BigDecimal.valueOf(64L << 20).multiply(BigDecimal.TEN)));
        invoke(ID, ALICE).close();
        assertThat(platform.session("hello", ID, ALICE).usage().invocations()).isEqualTo(2);
    }

    @Test
    void aSessionAtRestRunsUntilItsAgentHasSaidThatItMayRestAgain() {
        startReady();
        FakeVm vm = resting(ID);
        await().until(() -> row().view().status() == Status.IDLE && row().kept().isPresent() || tickAgain());
        startAgain();
        awaitProbed();
        assertThat(vm.isPaused()).isFalse();
        pinged(PingStatus.HEALTHY);
        assertThat(platform.session("hello", ID, ALICE).status()).isEqualTo(Status.IDLE);
        pinged(PingStatus.HEALTHY);
        await().until(() -> {
            pass(Duration.ofSeconds(1));
            return vm.isPaused();
        });
        assertThat(invoke(ID, ALICE).vm()).isEqualTo(vm.name());
    }

    @Test
    void aWorkerThatIsBusyWorksOnHoweverLongTheServerWasAway() {
        startReady();
        FakeVm vm = written(ID);
        pinged(PingStatus.HEALTHY_BUSY);
        await().until(() -> row().view().status() == Status.ACTIVE || tickAgain());
        crash();
        clock.advance(Duration.ofHours(1));
        restart();
        awaitProbed();
        pinged(PingStatus.HEALTHY_BUSY);
        pass(Duration.ofMinutes(20));
        assertThat(platform.session("hello", ID, ALICE).status()).isEqualTo(Status.ACTIVE);
        assertThat(driver.live()).containsExactly(vm);
    }

    @Test
    void aWorkerThatHasFinishedMeanwhileIsIdleFromTheRestartOn() {
        startReady();
        written(ID);
        pinged(PingStatus.HEALTHY_BUSY);
        await().until(() -> row().view().status() == Status.ACTIVE || tickAgain());
        crash();
        clock.advance(Duration.ofHours(1));
        restart();
        awaitProbed();
        pinged(PingStatus.HEALTHY);
        pass(Duration.ofMinutes(14));
        assertThat(platform.session("hello", ID, ALICE).status()).isEqualTo(Status.IDLE);
        pass(Duration.ofMinutes(2));
        awaitEnded(ID, "idle timeout");
    }

    @Test
    void idleTimeCountsWhileTheServerIsAway() {
        startReady();
        written(ID);
        crash();
        clock.advance(Duration.ofMinutes(16));
        restart();
        awaitProbed();
        pinged(PingStatus.HEALTHY);
        pass(Duration.ofSeconds(1));
        awaitEnded(ID, "Idle for 15m");
        assertThat(row().reasonCode()).hasValue(EndCode.IDLE_TIMEOUT.name());
    }

    @Test
    void lifetimeCountsWhileTheServerIsAwayHoweverBusyTheAgentIs() {
        startReady();
        written(ID);
        crash();
        clock.advance(Duration.ofHours(9));
        restart();
        pass(Duration.ofSeconds(1));
        awaitEnded(ID, "maximum lifetime");
    }

    @Test
    void anIdleTimeoutThatWasChangedForOneSessionIsKept() {
        startReady();
        written(ID);
        platform.changeIdleTimeout("hello", ID, ALICE, Duration.ofHours(2));
        get(platform.invoke(new InvocationRequest("hello", Optional.of(ID), ALICE))).close();
        await().until(() -> row().kept().flatMap(kept -> kept.idleTimeout()).isPresent() || tickAgain());
        crash();
        clock.advance(Duration.ofMinutes(30));
        restart();
        awaitProbed();
        pinged(PingStatus.HEALTHY);
        pass(Duration.ofSeconds(1));
        assertThat(platform.session("hello", ID, ALICE).idleTimeout()).hasValue(Duration.ofHours(2));
        assertThat(platform.session("hello", ID, ALICE).status()).isEqualTo(Status.IDLE);
    }

    @Test
    void aSessionWhoseGuestDoesNotAnswerAnyMoreIsEndedWithThatReason() {
        startReady();
        FakeVm vm = written(ID);
        vm.burn(Duration.ofSeconds(1));
        crash();
        driver.failures().always(FakeDriver.Step.ADOPT, () -> new VmException("The guest says nothing."));
        restart();
        awaitClosed();
        assertThat(vm.isDestroyed()).isTrue();
        assertThat(row().reasonCode()).hasValue(EndCode.SERVER_RESTART.name());
        assertThat(row().view().terminationReason()).hasValueSatisfying(why -> assertThat(why).contains("could not go on", "The guest says nothing."));
        assertThat(row().view().usage().cpuNanos()).isGreaterThanOrEqualTo(Duration.ofSeconds(1).toNanos());
        assertThat(invoke(ID, ALICE).origin()).isEqualTo(SessionOrigin.RENEWED);
    }

    @Test
    void aSessionWhoseVmDiedWhileTheServerWasAwayIsEndedWithThatReason() {
        startReady();
        FakeVm vm = written(ID);
        crash();
        vm.die("killed.");
        restart();
        awaitClosed();
        assertThat(row().reasonCode()).hasValue(EndCode.VM_DIED.name());
        assertThat(row().view().terminationReason()).hasValueSatisfying(why -> assertThat(why).contains("gone when the server started again"));
    }

    @Test
    void aVmThatDiesAfterItWasTakenUpEndsItsSession() {
        startReady();
        FakeVm vm = written(ID);
        startAgain();
        awaitProbed();
        vm.die("killed.");
        awaitEnded(ID, "killed.");
    }

    @Test
    void aSessionThatHadNotBegunIsClosedAndItsVmDestroyed() {
        startReady();
        driver.failures().hold(FakeDriver.Step.BEGIN);
        CompletionStage<Invocation> asking = asking(ID, ALICE);
        await().until(() -> driver.live().size() == 1 && !ledger.rows().isEmpty());
        crash();
        restart();
        awaitClosed();
        assertThat(row().reasonCode()).hasValue(EndCode.SERVER_RESTART.name());
        assertThat(driver.left()).isEmpty();
        assertThat(asking.toCompletableFuture()).isNotCompleted();
    }

    @Test
    void whoNamesASessionWaitsUntilTheHypervisorHasSaidWhichGoOn() {
        startReady();
        FakeVm vm = written(ID);
        crash();
        driver.failures().always(FakeDriver.Step.SURVEY, () -> new HypervisorAwayException("libvirtd does not answer."));
        start(config(hello()));
        platform.tick();
        CompletionStage<Invocation> asking = asking(ID, ALICE);
        assertThat(asking.toCompletableFuture()).isNotCompleted();
        assertThatThrownBy(() -> platform.changeIdleTimeout("hello", ID, ALICE, Duration.ofHours(1)))
                .isInstanceOfSatisfying(RequestException.class, refusal -> assertThat(refusal.kind()).isEqualTo(Kind.RETRYABLE_CONFLICT));
        driver.failures().heal(FakeDriver.Step.SURVEY);
        pass(Duration.ofSeconds(6));
        assertThat(get(asking).vm()).isEqualTo(vm.name());
    }

    @Test
    void whoNamesASessionIsToldToAskAgainWhenTheHypervisorStaysAway() {
        SessionSettings usual = config().sessions();
        var limits = usual.limits();
        driver.failures().always(FakeDriver.Step.SURVEY, () -> new HypervisorAwayException("libvirtd does not answer."));
        start(config(new SessionSettings(new Limits(limits.idleTimeout(), limits.maxLifetime(), limits.startTimeout(),
                limits.pauseAfter(), Duration.ofMillis(300)), usual.quotas(), Map.of()), hello()));
        platform.tick();
        assertThat(refused(asking(ID, ALICE)).kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
        assertThat(refused(platform.stop("hello", ID, ALICE)).kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
    }

    @Test
    void aVmThatCannotBeLookedAtYetIsTakenUpLater() {
        startReady();
        FakeVm vm = written(ID);
        crash();
        driver.failures().next(FakeDriver.Step.ADOPT, new HypervisorAwayException("libvirtd does not answer."));
        startReady();
        await().until(() -> {
            pass(Duration.ofSeconds(6));
            return driver.left().isEmpty();
        });
        awaitProbed();
        assertThat(invoke(ID, ALICE).vm()).isEqualTo(vm.name());
    }

    @Test
    void aVmThatDoesNotAnswerKeepsNobodyElseWaiting() {
        startReady();
        written(ID);
        crash();
        driver.failures().always(FakeDriver.Step.ADOPT, () -> new HypervisorAwayException("QEMU does not answer."));
        startReady();
        assertThat(refused(asking(ID, ALICE)).kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
        assertThat(refused(platform.stop("hello", ID, ALICE)).kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
        assertThat(invoke(ID + "-other", ALICE).origin()).isEqualTo(SessionOrigin.NEW);
        driver.failures().heal(FakeDriver.Step.ADOPT);
        pass(Duration.ofSeconds(6));
        await().until(() -> platform.probes().size() == 2);
        assertThat(invoke(ID, ALICE).origin()).isEqualTo(SessionOrigin.CONTINUED);
    }

    @Test
    void noVmIsTouchedWhileTheDatabaseCannotSayWhoseItIs() {
        startReady();
        FakeVm vm = written(ID);
        crash();
        ledger.fail();
        start(config(hello()));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        CompletionStage<Invocation> asking = asking(ID, ALICE);
        pass(Duration.ofSeconds(6));
        assertThat(driver.left()).containsExactly(vm);
        assertThat(asking.toCompletableFuture()).isNotCompleted();
        ledger.work();
        await().until(() -> {
            pass(Duration.ofSeconds(4));
            return asking.toCompletableFuture().isDone();
        });
        assertThat(get(asking).vm()).isEqualTo(vm.name());
    }

    @Test
    void whatBelongsToNoSessionIsDestroyed() {
        startReady();
        FakeVm vm = written(ID);
        driver.leftovers(Map.of("orphan-1", new MeterReading(5, 0, MeterSource.CGROUP), "orphan-2", new MeterReading(5, 0, MeterSource.CGROUP)));
        startAgain();
        awaitProbed();
        assertThat(driver.survey()).isEmpty();
        assertThat(driver.live()).containsExactly(vm);
    }

    @Test
    void asManyGoOnAsThereWereHoweverFewMayBeginNow() {
        startReady();
        List<FakeVm> vms = IntStream.range(0, 5).mapToObj(i -> written(ID + "-" + i)).toList();
        crash();
        SessionSettings usual = config().sessions();
        start(config(new SessionSettings(usual.limits(), Quotas.of(2, 1), Map.of()), hello()));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        for (int i = 0; i < vms.size(); i++) {
            assertThat(invoke(ID + "-" + i, ALICE).vm()).isEqualTo(vms.get(i).name());
        }
        assertThat(refused(asking(ID + "-new", ALICE)).kind()).isEqualTo(Kind.QUOTA);
    }

    @Test
    void aServerThatIsKilledAgainAndAgainLosesNothing() {
        startReady();
        FakeVm vm = written(ID);
        for (int run = 2; run < 6; run++) {
            startAgain();
            invoke(ID, ALICE).close(Invocation.Outcome.SUCCESS);
            long invocations = run;
            await().until(() -> row().view().usage().invocations() == invocations || tickAgain());
        }
        assertThat(driver.live()).containsExactly(vm);
        assertThat(platform.session("hello", ID, ALICE).usage().invocations()).isEqualTo(5);
    }

    @Test
    void aServerThatStopsLeavesSessionsThatAreKeptAndEndsWhatElseThereIs() {
        pool = new PoolBounds(1, 1);
        start(keeping());
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        FakeVm vm = written(ID);
        FakeVm rests = resting(ID + "-2");
        await().until(() -> driver.live().size() == 3 || tickAgain());
        vm.burn(Duration.ofSeconds(2));
        platform.close();
        assertThat(driver.left()).containsExactlyInAnyOrder(vm, rests);
        assertThat(driver.live()).isEmpty();
        assertThat(rests.isPaused()).isTrue();
        assertThat(ledger.rows()).hasSize(2).allSatisfy(row -> {
            assertThat(row.closedAt()).isEmpty();
            assertThat(row.kept()).isPresent();
        });
        assertThat(row().view().usage().cpuNanos()).as("the last reading").isGreaterThanOrEqualTo(Duration.ofSeconds(2).toNanos());
        assertThat(refused(asking(ID, ALICE)).kind()).isEqualTo(Kind.UNAVAILABLE);
        abandon();
        start(keeping());
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        assertThat(invoke(ID, ALICE).vm()).isEqualTo(vm.name());
        assertThat(invoke(ID + "-2", ALICE).vm()).isEqualTo(rests.name());
    }

    @Test
    void aSessionThatStartsWhenTheServerStopsIsEnded() {
        start(keeping());
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        driver.failures().hold(FakeDriver.Step.BEGIN);
        CompletionStage<Invocation> asking = asking(ID, ALICE);
        await().until(() -> driver.live().size() == 1);
        driver.failures().release(FakeDriver.Step.BEGIN);
        platform.close();
        assertThat(driver.live()).isEmpty();
        assertThat(asking.toCompletableFuture()).isDone();
    }

    @Test
    void roomsAreToldThatASessionIsLeftAndThatItGoesOn() {
        Notes notes = new Notes();
        start(keeping(), () -> List.of(notes));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        written(ID);
        platform.close();
        assertThat(notes.told).containsExactly("joined " + ID, "begun", "leaving", "closed");
        notes.told.clear();
        abandon();
        start(keeping(), () -> List.of(notes));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        invoke(ID, ALICE).close();
        assertThat(notes.told).containsExactly("joined " + ID, "resumed");
    }

    @Test
    void aRoomThatCannotTakePartAnyMoreEndsTheSessionWithThatReason() {
        startReady();
        FakeVm vm = written(ID);
        crash();
        Notes notes = new Notes();
        notes.refuses = true;
        start(config(hello()), () -> List.of(notes));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        awaitClosed();
        assertThat(vm.isDestroyed()).isTrue();
        assertThat(row().view().terminationReason()).hasValueSatisfying(why -> assertThat(why).contains("The room notes cannot take part"));
    }

    @Test
    void aRoomThatComesAfterASessionWasTakenUpTakesItUpAsIfItHadBeenThereAtOnce() {
        startReady();
        FakeVm vm = written(ID);
        crash();
        List<SessionRoom> present = new CopyOnWriteArrayList<>();
        startReady(() -> present);
        awaitListed();
        assertThat(invoke(ID, ALICE).vm()).isEqualTo(vm.name());
        Notes notes = new Notes();
        present.add(notes);
        await().until(() -> notes.told.size() == 2 || tickAgain());
        pass(Duration.ofSeconds(1));
        assertThat(notes.told).containsExactly("joined " + ID, "resumed");
        get(platform.stop("hello", ID, ALICE));
        assertThat(notes.told).endsWith("closed").hasSize(3);
    }

    @Test
    void aRoomThatComesLateAndCannotTakePartEndsASessionOfTheEarlierRunAsOneThatWasThereAtOnceDoes() {
        startReady();
        FakeVm vm = written(ID);
        crash();
        List<SessionRoom> present = new CopyOnWriteArrayList<>();
        startReady(() -> present);
        awaitListed();
        Notes notes = new Notes();
        notes.refuses = true;
        present.add(notes);
        awaitClosed();
        assertThat(vm.isDestroyed()).isTrue();
        assertThat(row().view().terminationReason()).hasValueSatisfying(why -> assertThat(why).contains("The room notes cannot take part"));
    }

    private static final class Notes implements SessionRoom {

        final List<String> told = new CopyOnWriteArrayList<>();
        volatile boolean refuses;
        volatile CountDownLatch hangs = new CountDownLatch(0);

        @Override
        public String name() {
            return "notes";
        }

        @Override
        public SessionPart join(SessionFacts session) {
            if (refuses) {
                throw new IllegalStateException("no room");
            }
            told.add("joined " + session.sessionId());
            return new SessionPart() {
                @Override
                public void begun(SessionGuest guest) {
                    told.add("begun");
                }

                @Override
                public void resumed(SessionGuest guest) {
                    told.add("resumed");
                }

                @Override
                public void leaving() {
                    told.add("leaving");
                    try {
                        hangs.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }

                @Override
                public void close() {
                    told.add("closed");
                }
            };
        }
    }

    @Test
    void aSessionThatARoomKeepsFromBeingLeftInTimeIsLeftAllTheSame() {
        Notes notes = new Notes();
        notes.hangs = new CountDownLatch(1);
        endPatience = Duration.ofMillis(300);
        start(keeping(), () -> List.of(notes));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        FakeVm vm = written(ID);
        platform.close();
        assertThat(vm.isDestroyed()).isFalse();
        assertThat(driver.left()).containsExactly(vm);
        notes.hangs.countDown();
        start(config(hello()), () -> List.of(new Notes()));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        assertThat(invoke(ID, ALICE).vm()).isEqualTo(vm.name());
    }

    private PlatformConfig keeping() {
        SessionSettings usual = config().sessions();
        return config(new SessionSettings(usual.limits(), usual.quotas(), Map.of(), OnStop.KEEP), hello());
    }

    /** A session whose first request is over, as the ledger knows. */
    private FakeVm written(String id) {
        FakeVm vm = served(id, ALICE);
        await().until(() -> ledger.rows().stream().anyMatch(row -> row.view().sessionId().equals(id) && row.kept().isPresent()
                && row.view().status() == Status.IDLE) || tickAgain());
        return vm;
    }

    private boolean tickAgain() {
        pass(Duration.ofMillis(100));
        return false;
    }

    private void crash() {
        abandon();
        driver.crash();
    }

    private void restart() {
        startReady();
        awaitListed();
    }

    private void startAgain() {
        crash();
        restart();
    }

    private void awaitListed() {
        await().until(() -> driver.left().isEmpty() || tickAgain());
    }

    private void awaitProbed() {
        await().until(() -> !platform.probes().isEmpty());
    }

    private void pinged(PingStatus status) {
        SessionProbe probe = platform.probes().get(0);
        probe.ask(Duration.ofSeconds(1));
        probe.report(status, status.name());
    }

    private void awaitClosed() {
        await().until(() -> row().closedAt().isPresent() || tickAgain());
    }

    private SessionRecord row() {
        return ledger.rows().get(0);
    }
}
