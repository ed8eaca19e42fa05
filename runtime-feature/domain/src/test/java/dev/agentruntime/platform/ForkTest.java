package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.sessions.Quotas;
import dev.agentruntime.sessions.SessionSettings;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Sessions that begin with the memory of another. */
final class ForkTest extends PlatformTestBase {

    private List<SessionView> forked(int count) {
        return get(platform.fork("hello", ID, ALICE, count));
    }

    private FakeVm vmOf(String sessionId) {
        Invocation invocation = invoke(sessionId, ALICE);
        invocation.close(Invocation.Outcome.SUCCESS);
        return vm(invocation.vm());
    }

    @Test
    void forksHaveTheMemoryOfTheFirstAndAnIdentityOfTheirOwn() {
        startReady();
        FakeVm first = served(ID, ALICE);
        List<SessionView> forks = forked(8);
        assertThat(forks).hasSize(8).extracting(SessionView::sessionId).doesNotHaveDuplicates().doesNotContain(ID);
        assertThat(forks).extracting(SessionView::subject).containsOnly(ALICE.subject());
        for (SessionView fork : forks) {
            FakeVm vm = vmOf(fork.sessionId());
            assertThat(vm.origin()).contains(first);
            assertThat(vm.session()).contains(fork.sessionId());
            assertThat(platform.session("hello", fork.sessionId(), ALICE).digest()).isEqualTo(platform.session("hello", ID, ALICE).digest());
        }
        assertThat(vmOf(ID)).as("the first goes on").isSameAs(first);
        await().untilAsserted(() -> assertThat(driver.snapshots()).isEmpty());
    }

    @Test
    void aForksMeterBeginsAtZero() {
        startReady();
        served(ID, ALICE).burn(Duration.ofSeconds(9));
        String fork = forked(1).get(0).sessionId();
        FakeVm vm = vmOf(fork);
        assertThat(platform.session("hello", fork, ALICE).usage().cpuNanos()).isZero();
        vm.burn(Duration.ofSeconds(1));
        assertThat(platform.session("hello", fork, ALICE).usage().cpuNanos()).isEqualTo(Duration.ofSeconds(1).toNanos());
        assertThat(platform.session("hello", fork, ALICE).usage().invocations()).isEqualTo(1);
    }

    @Test
    void aSessionThatIsPausedIsForkedAndGoesOn() {
        startReady();
        FakeVm first = resting(ID);
        String fork = forked(1).get(0).sessionId();
        assertThat(vmOf(fork).origin()).contains(first);
        invoke(ID, ALICE).close(Invocation.Outcome.SUCCESS);
        assertThat(first.isDestroyed()).isFalse();
    }

    @Test
    void aForkOfAForkHasTheMemoryOfBoth() {
        startReady();
        served(ID, ALICE);
        String fork = forked(1).get(0).sessionId();
        FakeVm child = vmOf(fork);
        String second = get(platform.fork("hello", fork, ALICE, 1)).get(0).sessionId();
        assertThat(vmOf(second).origin()).contains(child);
    }

    @Test
    void aSessionAtWorkIsNotForked() {
        startReady();
        Invocation open = invoke(ID, ALICE);
        assertThat(refused(platform.fork("hello", ID, ALICE, 1)).kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
        open.close(Invocation.Outcome.SUCCESS);
        assertThat(forked(1)).hasSize(1);
    }

    @Test
    void onlyItsOwnerForksIt() {
        startReady();
        served(ID, ALICE);
        assertThat(refused(platform.fork("hello", ID, BOB, 1)).kind()).isEqualTo(Kind.FORBIDDEN);
        assertThat(refused(platform.fork("hello", ID, ADMIN, 1)).kind()).isEqualTo(Kind.FORBIDDEN);
        assertThat(driver.live()).hasSize(1);
    }

    @Test
    void aSessionThatIsNotThereAndANumberThatIsNoneAreRefused() {
        startReady();
        assertThat(refused(platform.fork("hello", ID, ALICE, 1)).kind()).isEqualTo(Kind.NOT_FOUND);
        served(ID, ALICE);
        for (int count : new int[] {0, -1, 65}) {
            assertThat(refused(platform.fork("hello", ID, ALICE, count)).kind()).isEqualTo(Kind.VALIDATION);
        }
    }

    @Test
    void whereNotAllOfThemFindAPlaceNoneGoesOn() {
        SessionSettings usual = config().sessions();
        start(config(new SessionSettings(usual.limits(), Quotas.of(200, 3), Map.of()), hello()));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        FakeVm first = served(ID, ALICE);
        RequestException refused = refused(platform.fork("hello", ID, ALICE, 3));
        assertThat(refused.kind()).isEqualTo(Kind.QUOTA);
        assertThat(refused).hasMessageStartingWith("There is room for 2 more sessions, and not for 3");
        assertThat(first.isPaused()).as("it is known before anything is done").isFalse();
        assertThat(forked(2)).hasSize(2);
        assertThat(ledger.rows()).noneMatch(row -> row.view().status() == SessionView.Status.TERMINATED);
    }

    @Test
    void whereAnotherTakesAPlaceMeanwhileNoneGoesOnEither() {
        SessionSettings usual = config().sessions();
        start(config(new SessionSettings(usual.limits(), Quotas.of(200, 3), Map.of()), hello()));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        FakeVm first = served(ID, ALICE);
        driver.failures().hold(FakeDriver.Step.SNAPSHOT);
        CompletionStage<List<SessionView>> forking = platform.fork("hello", ID, ALICE, 2);
        FakeVm other = served(ID + "-2", ALICE);
        driver.failures().release(FakeDriver.Step.SNAPSHOT);
        assertThat(refused(forking).kind()).isEqualTo(Kind.QUOTA);
        await().untilAsserted(() -> assertThat(driver.live()).containsExactlyInAnyOrder(first, other));
        await().untilAsserted(() -> assertThat(driver.snapshots()).isEmpty());
        await().ignoreExceptions().untilAsserted(() -> assertThat(forked(1)).hasSize(1));
    }

    @Test
    void aForkMayBeIdleForAsLongAsTheFirst() {
        startReady();
        served(ID, ALICE);
        platform.changeIdleTimeout("hello", ID, ALICE, Duration.ofHours(3));
        SessionView fork = forked(1).get(0);
        assertThat(fork.idleTimeout()).contains(Duration.ofHours(3));
        vmOf(fork.sessionId());
        assertThat(platform.session("hello", fork.sessionId(), ALICE).idleTimeout()).contains(Duration.ofHours(3));
    }

    @Test
    void aRequestThatComesWhileItIsWrittenDownWaitsForIt() {
        startReady();
        FakeVm first = served(ID, ALICE);
        driver.failures().hold(FakeDriver.Step.SNAPSHOT);
        CompletionStage<List<SessionView>> forking = platform.fork("hello", ID, ALICE, 2);
        CompletionStage<Invocation> asking = asking(ID, ALICE);
        assertThat(asking.toCompletableFuture()).isNotDone();
        driver.failures().release(FakeDriver.Step.SNAPSHOT);
        assertThat(get(forking)).hasSize(2);
        Invocation invocation = get(asking);
        assertThat(invocation.vm()).isEqualTo(first.name());
        invocation.close(Invocation.Outcome.SUCCESS);
    }

    @Test
    void oneForkOfASessionAtATime() {
        startReady();
        served(ID, ALICE);
        driver.failures().hold(FakeDriver.Step.SNAPSHOT);
        CompletionStage<List<SessionView>> forking = platform.fork("hello", ID, ALICE, 1);
        assertThat(refused(platform.fork("hello", ID, ALICE, 1)).kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
        driver.failures().release(FakeDriver.Step.SNAPSHOT);
        assertThat(get(forking)).hasSize(1);
    }

    @Test
    void whatCannotBeWrittenDownIsRefusedAndTheSessionGoesOn() {
        startReady();
        served(ID, ALICE);
        driver.failures().next(FakeDriver.Step.SNAPSHOT, new VmException("The pages cannot be read."));
        RequestException refused = refused(platform.fork("hello", ID, ALICE, 1));
        assertThat(refused.kind()).isEqualTo(Kind.PLATFORM);
        assertThat(refused.getMessage()).contains("The pages cannot be read.");
        driver.failures().next(FakeDriver.Step.SNAPSHOT, new HypervisorAwayException("QEMU is away."));
        await().until(() -> {
            pass(Duration.ofMillis(600));
            return platform.session("hello", ID, ALICE).status() == SessionView.Status.IDLE;
        });
        invoke(ID, ALICE).close(Invocation.Outcome.SUCCESS);
        assertThat(refused(platform.fork("hello", ID, ALICE, 1)).kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
        invoke(ID, ALICE).close(Invocation.Outcome.SUCCESS);
        assertThat(driver.snapshots()).isEmpty();
    }

    @Test
    void aForkWhoseVmCannotBeMadeEndsWithItsReasonAndTheOthersBegin() {
        startReady();
        served(ID, ALICE);
        driver.failures().always(FakeDriver.Step.RESTORE, () -> new VmException("The fork broke."));
        String fork = forked(1).get(0).sessionId();
        awaitGone(fork, "The fork broke.");
        driver.failures().heal(FakeDriver.Step.RESTORE);
        assertThat(vmOf(forked(1).get(0).sessionId()).origin()).isPresent();
        await().untilAsserted(() -> assertThat(driver.snapshots()).isEmpty());
    }

    private void awaitGone(String sessionId, String reason) {
        await().untilAsserted(() -> {
            SessionView view = platform.session("hello", sessionId, ALICE);
            assertThat(view.status()).isEqualTo(SessionView.Status.TERMINATED);
            assertThat(view.terminationReason()).hasValueSatisfying(text -> assertThat(text).contains(reason));
        });
    }

    @Test
    void forksKeepTheVersionOfTheFirstWhenTheAgentHasANewerOne() throws Exception {
        startReady();
        served(ID, ALICE);
        String before = platform.session("hello", ID, ALICE).digest();
        war("hello.war", "version 2");
        await().untilAsserted(() -> {
            pass(Duration.ofSeconds(2));
            assertThat(driver.prepared()).hasSize(2);
        });
        String fork = forked(1).get(0).sessionId();
        vmOf(fork);
        assertThat(platform.session("hello", fork, ALICE).digest()).isEqualTo(before);
        get(platform.stop("hello", ID, ALICE));
        assertThat(driver.closedTemplates()).as("held by the fork").isEmpty();
        get(platform.stop("hello", fork, ALICE));
        await().untilAsserted(() -> assertThat(driver.closedTemplates()).hasSize(1));
    }

    @Test
    void aSessionThatEndsMeanwhileRefusesWhoForksIt() {
        startReady();
        served(ID, ALICE);
        driver.failures().hold(FakeDriver.Step.SNAPSHOT);
        CompletionStage<List<SessionView>> forking = platform.fork("hello", ID, ALICE, 1);
        driver.failures().next(FakeDriver.Step.SNAPSHOT, new VmException("The VM is gone."));
        CompletionStage<SessionView> stopping = platform.stop("hello", ID, ALICE);
        driver.failures().release(FakeDriver.Step.SNAPSHOT);
        assertThatThrownBy(() -> get(forking)).isInstanceOf(RequestException.class);
        get(stopping);
        assertThat(driver.live()).isEmpty();
        assertThat(driver.snapshots()).isEmpty();
    }
}
