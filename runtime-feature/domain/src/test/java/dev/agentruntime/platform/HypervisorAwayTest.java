package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionOrigin;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The hypervisor does not answer for a while: every session keeps its state. */
final class HypervisorAwayTest extends PlatformTestBase {

    @Test
    void tenPausedSessionsAnswerWithTheirStateOnceItIsBack() {
        startReady();
        List<FakeVm> vms = ids().stream().map(this::resting).toList();
        away(FakeDriver.Step.RESUME);
        List<CompletionStage<Invocation>> asking = ids().stream().map(id -> asking(id, ALICE)).toList();
        await().until(() -> {
            pass(Duration.ofSeconds(1));
            return asking.stream().allMatch(stage -> stage.toCompletableFuture().isDone());
        });
        assertThat(asking.stream().map(PlatformTestBase::refused)).allSatisfy(refusal ->
                assertThat(refusal.kind()).isEqualTo(Kind.RETRYABLE_CONFLICT));
        back(FakeDriver.Step.RESUME);
        for (int i = 0; i < vms.size(); i++) {
            Invocation again = answered(ids().get(i));
            assertThat(again.vm()).isEqualTo(vms.get(i).name());
            assertThat(again.origin()).isEqualTo(SessionOrigin.CONTINUED);
            again.close(Invocation.Outcome.SUCCESS);
        }
    }

    @Test
    void aCallerThatComesMeanwhileIsAnsweredWhenItIsBackInTime() {
        startReady();
        FakeVm vm = resting(ID);
        away(FakeDriver.Step.RESUME);
        CompletionStage<Invocation> asking = asking(ID, ALICE);
        pass(Duration.ofSeconds(3));
        pass(Duration.ofSeconds(3));
        back(FakeDriver.Step.RESUME);
        await().until(() -> {
            pass(Duration.ofMillis(500));
            return asking.toCompletableFuture().isDone();
        });
        assertThat(get(asking).vm()).isEqualTo(vm.name());
    }

    @Test
    void aResumeWhoseAnswerWasLostIsMadeAgain() {
        startReady();
        FakeVm vm = resting(ID);
        driver.failures().next(FakeDriver.Step.RESUME, new IllegalStateException("The connection was closed under the call."));
        assertThat(answered(ID).vm()).isEqualTo(vm.name());
    }

    @Test
    void aPauseIsTriedAgainAndARequestMeanwhileIsServed() {
        startReady();
        away(FakeDriver.Step.PAUSE);
        FakeVm vm = served(ID, ALICE);
        platform.probes().get(0).ask(Duration.ofSeconds(1));
        platform.probes().get(0).report(PingStatus.HEALTHY, "Healthy");
        pass(Duration.ofSeconds(2));
        await().until(() -> platform.probes().isEmpty());
        assertThat(answered(ID).vm()).isEqualTo(vm.name());
        assertThat(vm.isPaused()).isFalse();
    }

    @Test
    void aStopIsToldToAskAgainAndTheVmIsDestroyedLater() {
        startReady();
        served(ID, ALICE);
        away(FakeDriver.Step.DESTROY);
        CompletionStage<SessionView> stop = platform.stop("hello", ID, ALICE);
        await().until(() -> {
            pass(Duration.ofSeconds(1));
            return stop.toCompletableFuture().isDone();
        });
        assertThat(refused(stop).kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
        back(FakeDriver.Step.DESTROY);
        await().until(() -> {
            pass(Duration.ofSeconds(2));
            return driver.live().isEmpty();
        });
        assertThat(get(platform.stop("hello", ID, ALICE)).terminationReason()).hasValue("Stopped by alice.");
    }

    @Test
    void aStartIsMadeAgainWhenItIsBackInTime() {
        startReady();
        driver.failures().next(FakeDriver.Step.START, new HypervisorAwayException("libvirtd does not answer."));
        CompletionStage<Invocation> asking = asking(ID, ALICE);
        await().until(() -> {
            pass(Duration.ofMillis(500));
            return asking.toCompletableFuture().isDone();
        });
        assertThat(get(asking).origin()).isEqualTo(SessionOrigin.NEW);
        assertThat(driver.live()).hasSize(1);
    }

    @Test
    void aStartIsGivenUpWhenPatienceIsOverAndLeavesNothing() {
        startReady();
        away(FakeDriver.Step.BEGIN);
        CompletionStage<Invocation> asking = asking(ID, ALICE);
        await().until(() -> {
            pass(Duration.ofSeconds(1));
            return asking.toCompletableFuture().isDone();
        });
        assertThat(refused(asking).kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
        await().until(() -> driver.live().isEmpty());
        back(FakeDriver.Step.BEGIN);
        assertThat(invoke(ID, ALICE).origin()).isEqualTo(SessionOrigin.RENEWED);
    }

    /** As a caller does that is told to ask again. */
    private Invocation answered(String id) {
        return await().until(() -> {
            CompletionStage<Invocation> asking = asking(id, ALICE);
            await().until(() -> {
                pass(Duration.ofMillis(500));
                return asking.toCompletableFuture().isDone();
            });
            try {
                return Optional.of(get(asking));
            } catch (RequestException again) {
                assertThat(again.kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
                return Optional.<Invocation>empty();
            }
        }, Optional::isPresent).orElseThrow();
    }

    private void away(FakeDriver.Step step) {
        driver.failures().always(step, () -> new HypervisorAwayException("libvirtd does not answer."));
    }

    private void back(FakeDriver.Step step) {
        driver.failures().heal(step);
    }

    private static List<String> ids() {
        return IntStream.range(0, 10).mapToObj(i -> ID + "-" + i).toList();
    }
}
