package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.SessionOrigin;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Target;
import dev.agentruntime.api.Usage;
import dev.agentruntime.sessions.OnStop;
import dev.agentruntime.sessions.Stopping;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Sessions of a whole platform on the disk and back. */
final class HibernationTest extends HibernationTestBase {

    @Test
    void aSessionAtRestIsPutOnTheDiskAndItsVmIsGone() {
        startHibernating(1 << 30);
        FakeVm vm = hibernated(ID);
        assertThat(vm.isDestroyed()).isTrue();
        assertThat(driver.live()).isEmpty();
        assertThat(driver.snapshots()).hasSize(1);
        assertThat(view(ID).runtime()).isEqualTo("hello");
        assertThat(view(ID).digest()).isNotEmpty();
    }

    @Test
    void itsNextRequestIsServedByAVmWithItsMemory() {
        startHibernating(1 << 30);
        FakeVm first = hibernated(ID);
        Invocation invocation = invoke(ID, ALICE);
        FakeVm second = vm(invocation.vm());
        assertThat(second.origin()).contains(first);
        assertThat(second.begun()).as("the session goes on, it does not begin").isEqualTo(first.begun());
        awaitNothingOnTheDisk();
        assertThat(view(ID).status()).isEqualTo(SessionView.Status.ACTIVE);
        assertThat(view(ID).vm()).contains(second.name());
        invocation.close(Invocation.Outcome.SUCCESS);
        assertThat(view(ID).usage().invocations()).isEqualTo(2);
    }

    @Test
    void whatItUsedGoesOnInTheNextVmAndNothingIsUsedOnTheDisk() {
        startHibernating(1 << 30);
        FakeVm first = resting(ID);
        first.burn(Duration.ofSeconds(3));
        first.hold(100 << 20);
        pass(HIBERNATE_AFTER);
        awaitHibernated(ID);
        long used = view(ID).usage().cpuNanos();
        assertThat(used).isGreaterThanOrEqualTo(Duration.ofSeconds(3).toNanos());
        var memory = view(ID).usage().memoryByteSeconds();
        pass(Duration.ofMinutes(5));
        assertThat(view(ID).usage().memoryByteSeconds()).isEqualTo(memory);
        Invocation invocation = invoke(ID, ALICE);
        assertThat(view(ID).usage().cpuNanos()).as("what bringing it back costs is the platform's").isEqualTo(used);
        vm(invocation.vm()).burn(Duration.ofSeconds(2));
        assertThat(view(ID).usage().cpuNanos()).isEqualTo(used + Duration.ofSeconds(2).toNanos());
        invocation.close(Invocation.Outcome.SUCCESS);
    }

    @Test
    void itGoesToTheDiskAndBackAgain() {
        startHibernating(1 << 30);
        hibernated(ID);
        for (int round = 0; round < 3; round++) {
            resting(ID);
            assertThat(driver.live()).hasSize(1);
            pass(HIBERNATE_AFTER);
            awaitHibernated(ID);
            assertThat(driver.live()).isEmpty();
            assertThat(driver.snapshots()).hasSize(1);
        }
    }

    @Test
    void aVmThatCameBackAndDiesEndsTheSession() {
        startHibernating(1 << 30);
        hibernated(ID);
        Invocation invocation = invoke(ID, ALICE);
        vm(invocation.vm()).die("killed by a test.");
        awaitEnded(ID, "killed by a test.");
        invocation.close(Invocation.Outcome.SUCCESS);
    }

    @Test
    void whoeverStopsItRemovesItFromTheDisk() {
        startHibernating(1 << 30);
        hibernated(ID);
        assertThat(get(platform.stop("hello", ID, ALICE)).status()).isEqualTo(SessionView.Status.TERMINATED);
        awaitNothingOnTheDisk();
    }

    @Test
    void itEndsOnTheDiskOfIdleness() {
        startHibernating(1 << 30);
        hibernated(ID);
        pass(Duration.ofMinutes(14));
        awaitEnded(ID, "Idle for 15m");
        awaitNothingOnTheDisk();
    }

    @Test
    void aFileThatIsDamagedEndsTheSessionAndTellsTheCaller() {
        startHibernating(1 << 30);
        hibernated(ID);
        driver.failures().next(FakeDriver.Step.RESTORE, new VmException("The file is damaged."));
        RequestException refused = refused(asking(ID, ALICE));
        assertThat(refused.getMessage()).contains("The file is damaged.");
        awaitEnded(ID, "could not be resumed: The file is damaged.");
        awaitNothingOnTheDisk();
    }

    @Test
    void aGuestThatDoesNotAnswerAnyMoreEndsTheSessionAndLeavesNoVm() {
        startHibernating(1 << 30);
        hibernated(ID);
        driver.failures().next(FakeDriver.Step.RESUME, new VmException("The guest did not answer."));
        assertThat(refused(asking(ID, ALICE)).getMessage()).contains("The guest did not answer.");
        awaitEnded(ID, "The guest did not answer.");
    }

    @Test
    void aHypervisorThatIsAwayIsWaitedForAndNothingIsLost() {
        startHibernating(1 << 30);
        hibernated(ID);
        driver.failures().next(FakeDriver.Step.RESTORE, new HypervisorAwayException("libvirtd is away."));
        driver.failures().next(FakeDriver.Step.RESUME, new HypervisorAwayException("QEMU is away."));
        CompletionStage<Invocation> asking = asking(ID, ALICE);
        await().until(() -> {
            pass(Duration.ofMillis(600));
            return asking.toCompletableFuture().isDone();
        });
        get(asking).close(Invocation.Outcome.SUCCESS);
        assertThat(driver.live()).as("no second VM is left").hasSize(1);
    }

    @Test
    void aHostWithoutRoomLetsTheCallerAskAgain() {
        startHibernating(1 << 30);
        hibernated(ID);
        driver.failures().always(FakeDriver.Step.RESTORE, () -> new NoRoomException("No memory.", 1 << 20));
        CompletionStage<Invocation> asking = asking(ID, ALICE);
        await().until(() -> {
            pass(Duration.ofSeconds(1));
            return asking.toCompletableFuture().isDone();
        });
        assertThat(refused(asking).kind()).isEqualTo(RequestException.Kind.RETRYABLE_CONFLICT);
        driver.failures().heal(FakeDriver.Step.RESTORE);
        await().until(() -> {
            pass(Duration.ofSeconds(1));
            return !driver.live().isEmpty();
        });
        invoke(ID, ALICE).close(Invocation.Outcome.SUCCESS);
    }

    @Test
    void aDiskThatIsFullLeavesSessionsInMemory() {
        driver.snapshotBytes(3 << 20);
        startHibernating(10 << 20);
        FakeVm vm = resting(ID);
        pass(HIBERNATE_AFTER);
        pass(Duration.ofSeconds(1));
        assertThat(vm.isDestroyed()).isFalse();
        assertThat(view(ID).status()).isEqualTo(SessionView.Status.IDLE);
        invoke(ID, ALICE).close(Invocation.Outcome.SUCCESS);
    }

    @Test
    void aSessionThatEndsGivesItsRoomOnTheDiskToAnother() {
        driver.snapshotBytes(4 << 20);
        startHibernating(16 << 20);
        for (int i = 0; i < 12; i++) {
            String id = ID.substring(0, ID.length() - 2) + (10 + i);
            hibernated(id);
            get(platform.stop("hello", id, ALICE));
        }
        awaitNothingOnTheDisk();
    }

    @Test
    void aClosedPlatformLeavesNothingOnTheDisk() {
        startHibernating(1 << 30);
        hibernated(ID);
        platform.close();
        platform = null;
        awaitNothingOnTheDisk();
        assertThat(driver.live()).isEmpty();
    }

    @Test
    void streamsOfTheNextVmComeToTheSameRooms() {
        startHibernating(1 << 30);
        hibernated(ID);
        Invocation invocation = invoke(ID, ALICE);
        assertThat(vm(invocation.vm()).connect(Target.AGENT)).isNotNull();
        invocation.close(Invocation.Outcome.SUCCESS);
    }

    @Test
    void aServerThatKeepsItsSessionsLeavesTheOneOnTheDiskThereAndTheOthersInTheirVms() {
        startHibernating(1 << 30, new Stopping(OnStop.KEEP, Duration.ZERO, Duration.ofSeconds(7)));
        FakeVm gone = hibernated(ID);
        FakeVm other = served(ID + "-2", ALICE);
        platform.close();
        assertThat(driver.left()).containsExactly(other);
        assertThat(driver.snapshots()).hasSize(1);
        assertThat(row(ID).closedAt()).isEmpty();
        assertThat(gone.farewells()).isEmpty();
        abandon();
        startHibernating(1 << 30);
        assertThat(invoke(ID + "-2", ALICE).vm()).isEqualTo(other.name());
        Invocation again = invoke(ID, ALICE);
        assertThat(again.origin()).isEqualTo(SessionOrigin.CONTINUED);
        assertThat(vm(again.vm()).origin()).contains(gone);
        awaitNothingOnTheDisk();
    }

    private long killedOnTheDisk() {
        startHibernating(1 << 30);
        FakeVm vm = resting(ID);
        vm.burn(Duration.ofSeconds(3));
        pass(HIBERNATE_AFTER);
        awaitHibernated(ID);
        await().until(() -> row(ID).view().status() == SessionView.Status.HIBERNATED || again());
        long used = view(ID).usage().cpuNanos();
        abandon();
        driver.crash();
        clock.advance(Duration.ofMinutes(1));
        return used;
    }

    @Test
    void aServerThatIsKilledFindsTheSessionOnTheDiskWithItsOwnerItsUsageAndItsAge() {
        long used = killedOnTheDisk();
        startHibernating(1 << 30);
        await().until(() -> view(ID).status() == SessionView.Status.HIBERNATED || again());
        assertThat(driver.live()).as("no VM is made before somebody asks").isEmpty();
        assertThat(view(ID).usage().cpuNanos()).isEqualTo(used);
        var memory = view(ID).usage().memoryByteSeconds();
        pass(Duration.ofMinutes(5));
        assertThat(view(ID).usage().memoryByteSeconds()).as("it takes none").isEqualTo(memory);
        assertThat(refused(asking(ID, BOB)).kind()).isEqualTo(RequestException.Kind.FORBIDDEN);
        Invocation again = invoke(ID, ALICE);
        assertThat(again.origin()).isEqualTo(SessionOrigin.CONTINUED);
        vm(again.vm()).burn(Duration.ofSeconds(2));
        assertThat(view(ID).usage().cpuNanos()).isEqualTo(used + Duration.ofSeconds(2).toNanos());
        assertThat(view(ID).usage().invocations()).isEqualTo(2);
        assertThat(ledger.rows()).hasSize(1);
    }

    @Test
    void aSessionOnTheDiskGoesOnAgingAfterTheRestart() {
        killedOnTheDisk();
        startHibernating(1 << 30);
        await().until(() -> view(ID).status() == SessionView.Status.HIBERNATED || again());
        pass(Duration.ofMinutes(13));
        awaitEnded(ID, "Idle for 15m");
        awaitNothingOnTheDisk();
    }

    @Test
    void whatIsOnTheDiskFromBeforeCountsForItsBound() {
        driver.snapshotBytes(6 << 20);
        killedOnTheDisk();
        startHibernating(8 << 20);
        await().until(() -> view(ID).status() == SessionView.Status.HIBERNATED || again());
        String other = ID + "-2";
        FakeVm vm = resting(other);
        pass(HIBERNATE_AFTER);
        pass(Duration.ofSeconds(1));
        assertThat(vm.isDestroyed()).as("there is no room for a second one").isFalse();
        assertThat(view(other).status()).isEqualTo(SessionView.Status.IDLE);
    }

    /** Budgets of wall time go by it when the server starts again. */
    @Test
    void theLedgerKnowsHowLongASessionHasBeenThereThatIsOnTheDisk() {
        startHibernating(1 << 30);
        hibernated(ID);
        for (int minute = 0; minute < 10; minute++) {
            pass(Duration.ofMinutes(1));
        }
        Instant wallNow = clock.times().wall().instant();
        await().untilAsserted(() -> {
            pass(Duration.ofMillis(100));
            assertThat(row(ID).usedUntil()).isAfterOrEqualTo(wallNow.minus(Duration.ofMinutes(1)));
        });
        assertThat(row(ID).view().status()).isEqualTo(SessionView.Status.HIBERNATED);
    }

    @Test
    void aFileThatIsGoneAtTheRestartEndsItsSessionWithThatReason() {
        long used = killedOnTheDisk();
        driver.failures().next(FakeDriver.Step.REOPEN, new VmException("The file is gone."));
        startHibernating(1 << 30);
        await().until(() -> row(ID).closedAt().isPresent() || again());
        assertThat(row(ID).view().terminationReason()).hasValueSatisfying(why -> assertThat(why).contains("The file is gone."));
        assertThat(row(ID).view().usage().cpuNanos()).isEqualTo(used);
        assertThat(invoke(ID, ALICE).origin()).isEqualTo(SessionOrigin.RENEWED);
    }

    @Test
    void whoeverStopsItAfterTheRestartRemovesItFromTheDisk() {
        killedOnTheDisk();
        startHibernating(1 << 30);
        await().until(() -> view(ID).status() == SessionView.Status.HIBERNATED || again());
        assertThat(get(platform.stop("hello", ID, ALICE)).status()).isEqualTo(SessionView.Status.TERMINATED);
        awaitNothingOnTheDisk();
        assertThat(row(ID).kept()).isEmpty();
    }

    @Test
    void aSessionThatCameBackGoesOnInItsSecondVmAfterTheServerWasKilledAndSoDoesItsUsage() {
        startHibernating(1 << 30);
        resting(ID).burn(Duration.ofSeconds(3));
        pass(HIBERNATE_AFTER);
        awaitHibernated(ID);
        FakeVm second = served(ID, ALICE);
        second.burn(Duration.ofSeconds(2));
        Usage before = view(ID).usage();
        assertThat(before.cpuNanos()).isGreaterThanOrEqualTo(Duration.ofSeconds(5).toNanos());
        await().until(() -> row(ID).kept().isPresent() && row(ID).view().usage().cpuNanos() == before.cpuNanos() || again());
        abandon();
        driver.crash();
        second.burn(Duration.ofSeconds(1));
        startHibernating(1 << 30);
        Invocation again = invoke(ID, ALICE);
        assertThat(again.vm()).isEqualTo(second.name());
        assertThat(again.origin()).isEqualTo(SessionOrigin.CONTINUED);
        assertThat(view(ID).usage().cpuNanos() - before.cpuNanos()).isEqualTo(Duration.ofSeconds(1).toNanos());
        assertThat(view(ID).usage().invocations()).isEqualTo(3);
    }

    @Test
    void aSessionThatEndsOnTheDiskIsToldNothingAndNoVmIsMadeForThat() {
        startHibernating(1 << 30, new Stopping(OnStop.END, Duration.ZERO, Duration.ofSeconds(7)));
        FakeVm vm = hibernated(ID);
        get(platform.stop("hello", ID, ALICE));
        assertThat(vm.farewells()).isEmpty();
        assertThat(driver.started()).containsExactly(vm);
        hibernated(ID);
        FakeVm back = served(ID, ALICE);
        get(platform.stop("hello", ID, ALICE));
        assertThat(back.farewells()).as("one that came back hears it as any other").containsExactly(Duration.ofSeconds(7));
    }

    /** Nothing else is written of a session there until it comes back. */
    @Test
    void whatIsChangedOfASessionOnTheDiskIsInTheLedgerForTheNextRun() {
        startHibernating(1 << 30);
        hibernated(ID);
        platform.changeIdleTimeout("hello", ID, ALICE, Duration.ofHours(2));
        await().untilAsserted(() -> assertThat(row(ID).kept().orElseThrow().idleTimeout()).contains(Duration.ofHours(2)));
        assertThat(row(ID).kept().orElseThrow().snapshot()).as("and the way to it").isPresent();
    }

    @Test
    void withoutTheSettingNothingGoesToTheDisk() {
        startReady();
        FakeVm vm = resting(ID);
        pass(Duration.ofMinutes(14));
        assertThat(vm.isDestroyed()).isFalse();
        assertThat(driver.snapshots()).isEmpty();
    }
}
