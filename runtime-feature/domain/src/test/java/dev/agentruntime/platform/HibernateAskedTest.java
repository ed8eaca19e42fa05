package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionProbe;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.sessions.OnStop;
import dev.agentruntime.sessions.Stopping;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.NoDiskRoomException;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Sessions that somebody wants on the disk, before they would go there by themselves. */
final class HibernateAskedTest extends HibernationTestBase {

    private SessionView hibernate(String id) {
        return get(platform.hibernate("hello", id, ALICE));
    }

    /** Begins a session whose agent has said that it has nothing to do, and whose VM runs. */
    private FakeVm atRest(String id) {
        FakeVm vm = served(id, ALICE);
        SessionProbe probe = platform.probes().stream().filter(session -> session.sessionId().equals(id)).findFirst().orElseThrow();
        probe.ask(Duration.ofSeconds(5));
        probe.report(PingStatus.HEALTHY, "Healthy");
        return vm;
    }

    @Test
    void aSessionGoesThereAtOnceAndComesBackWithItsNextRequest() {
        startReady();
        FakeVm first = atRest(ID);
        SessionView view = hibernate(ID);
        assertThat(view.status()).isEqualTo(SessionView.Status.HIBERNATED);
        assertThat(view.sessionId()).isEqualTo(ID);
        assertThat(view.idleTimeout()).contains(Duration.ofMinutes(15));
        assertThat(first.isDestroyed()).isTrue();
        assertThat(driver.live()).isEmpty();
        assertThat(driver.snapshots()).hasSize(1);
        Invocation invocation = invoke(ID, ALICE);
        assertThat(vm(invocation.vm()).origin()).contains(first);
        invocation.close(Invocation.Outcome.SUCCESS);
    }

    @Test
    void aPausedOneGoesThereTooAndForOneThatIsThereNothingChanges() {
        startReady();
        resting(ID);
        hibernate(ID);
        assertThat(hibernate(ID).status()).isEqualTo(SessionView.Status.HIBERNATED);
        assertThat(driver.snapshots()).hasSize(1);
        assertThat(driver.started()).hasSize(1);
    }

    @Test
    void twoWhoAskAtOnceHaveOneAnswer() {
        startReady();
        atRest(ID);
        driver.failures().hold(FakeDriver.Step.SNAPSHOT);
        CompletionStage<SessionView> first = platform.hibernate("hello", ID, ALICE);
        CompletionStage<SessionView> second = platform.hibernate("hello", ID, ADMIN);
        assertThat(first.toCompletableFuture()).isNotDone();
        driver.failures().release(FakeDriver.Step.SNAPSHOT);
        assertThat(get(first).status()).isEqualTo(SessionView.Status.HIBERNATED);
        assertThat(get(second).status()).isEqualTo(SessionView.Status.HIBERNATED);
        assertThat(driver.snapshots()).hasSize(1);
    }

    @Test
    void aSessionAtWorkDoesNotGoThere() {
        startReady();
        Invocation open = invoke(ID, ALICE);
        assertThat(refused(platform.hibernate("hello", ID, ALICE)).kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
        open.close(Invocation.Outcome.SUCCESS);
        RequestException unasked = refused(platform.hibernate("hello", ID, ALICE));
        assertThat(unasked.kind()).as("what it left to do is not known yet").isEqualTo(Kind.RETRYABLE_CONFLICT);
        assertThat(unasked).hasMessageContaining("only while it is idle");
        assertThat(driver.snapshots()).isEmpty();
        assertThat(vm(open.vm()).isPaused()).isFalse();
    }

    @Test
    void itsOwnerAndAdminsMayAskAndNobodyElse() {
        startReady();
        atRest(ID);
        assertThat(refused(platform.hibernate("hello", ID, BOB)).kind()).isEqualTo(Kind.FORBIDDEN);
        assertThat(refused(platform.hibernate("hello", ID, ALICE_ELSEWHERE)).kind()).isEqualTo(Kind.FORBIDDEN);
        assertThat(view(ID).status()).isEqualTo(SessionView.Status.IDLE);
        assertThat(get(platform.hibernate("hello", ID, ADMIN)).status()).isEqualTo(SessionView.Status.HIBERNATED);
    }

    @Test
    void aSessionThatIsNotThereOrHasEndedIsNotFound() {
        startReady();
        assertThat(refused(platform.hibernate("hello", ID, ALICE)).kind()).isEqualTo(Kind.NOT_FOUND);
        atRest(ID);
        get(platform.stop("hello", ID, ALICE));
        assertThat(refused(platform.hibernate("hello", ID, ALICE)).kind()).isEqualTo(Kind.NOT_FOUND);
    }

    @Test
    void whatKeepsItFromTheDiskIsSaidAndTheSessionGoesOn() {
        startReady();
        FakeVm vm = atRest(ID);
        driver.failures().next(FakeDriver.Step.SNAPSHOT, new VmException("The VM was booted and not cloned."));
        RequestException impossible = refused(platform.hibernate("hello", ID, ALICE));
        assertThat(impossible.kind()).isEqualTo(Kind.PLATFORM);
        assertThat(impossible).hasMessageContaining(ID + " was not put on the disk: The VM was booted and not cloned.");
        driver.failures().next(FakeDriver.Step.SNAPSHOT, new NoDiskRoomException("The disk is full."));
        assertThat(refused(platform.hibernate("hello", ID, ALICE)).kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
        driver.failures().next(FakeDriver.Step.SNAPSHOT, new HypervisorAwayException("The disk does not answer."));
        assertThat(refused(platform.hibernate("hello", ID, ALICE)).kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
        invoke(ID, ALICE).close(Invocation.Outcome.SUCCESS);
        assertThat(vm.isDestroyed()).isFalse();
        assertThat(driver.snapshots()).isEmpty();
    }

    @Test
    void oneThatCannotBePausedRunsOn() {
        startReady();
        FakeVm vm = atRest(ID);
        driver.failures().next(FakeDriver.Step.PAUSE, new HypervisorAwayException("QEMU is away."));
        RequestException away = refused(platform.hibernate("hello", ID, ALICE));
        assertThat(away.kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
        assertThat(away).hasMessageContaining("could not be paused");
        await().until(() -> view(ID).status() == SessionView.Status.IDLE && !vm.isPaused());
        invoke(ID, ALICE).close(Invocation.Outcome.SUCCESS);
        assertThat(driver.started()).containsExactly(vm);
    }

    @Test
    void aLedgerThatIsAwayKeepsItInMemoryAndThatIsSaid() {
        startReady();
        FakeVm vm = atRest(ID);
        ledger.fail();
        RequestException refused = refused(platform.hibernate("hello", ID, ALICE));
        assertThat(refused).hasMessageContaining("ledger");
        assertThat(vm.isDestroyed()).isFalse();
        assertThat(driver.snapshots()).isEmpty();
        ledger.work();
    }

    @Test
    void aRequestThatComesMeanwhileBringsItBackAndWhoeverAskedHearsOfThat() {
        startReady();
        atRest(ID);
        driver.failures().hold(FakeDriver.Step.SNAPSHOT);
        CompletionStage<SessionView> hibernating = platform.hibernate("hello", ID, ALICE);
        CompletionStage<Invocation> asking = asking(ID, ALICE);
        driver.failures().release(FakeDriver.Step.SNAPSHOT);
        RequestException refused = refused(hibernating);
        assertThat(refused.kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
        assertThat(refused).hasMessageContaining("brings it back");
        get(asking).close(Invocation.Outcome.SUCCESS);
    }

    @Test
    void whoeverAskedHearsOfItsEnd() {
        startReady();
        atRest(ID);
        driver.failures().hold(FakeDriver.Step.SNAPSHOT);
        CompletionStage<SessionView> hibernating = platform.hibernate("hello", ID, ALICE);
        CompletionStage<SessionView> stopping = platform.stop("hello", ID, ALICE);
        assertThat(refused(hibernating).kind()).as("before its VM is gone").isEqualTo(Kind.NOT_FOUND);
        driver.failures().release(FakeDriver.Step.SNAPSHOT);
        get(stopping);
        assertThat(driver.live()).isEmpty();
        await().untilAsserted(() -> assertThat(driver.snapshots()).isEmpty());
    }

    @Test
    void whoeverAskedIsNotKeptWaitingForAVmThatDoesNotGo() {
        startReady();
        atRest(ID);
        driver.failures().next(FakeDriver.Step.DESTROY, new VmException("Its process is left."));
        RequestException refused = refused(platform.hibernate("hello", ID, ALICE));
        assertThat(refused.kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
        assertThat(refused).hasMessageContaining("something of its VM is left");
        await().until(() -> view(ID).status() == SessionView.Status.HIBERNATED || again());
        assertThat(hibernate(ID).status()).isEqualTo(SessionView.Status.HIBERNATED);
        assertThat(driver.live()).isEmpty();
    }

    @Test
    void itSurvivesTheServerAsOneThatWentThereByItself() {
        startHibernating(1 << 30, new Stopping(OnStop.KEEP, Duration.ZERO, Duration.ZERO));
        FakeVm first = atRest(ID);
        hibernate(ID);
        platform.close();
        abandon();
        startHibernating(1 << 30);
        assertThat(vm(invoke(ID, ALICE).vm()).origin()).contains(first);
    }
}
