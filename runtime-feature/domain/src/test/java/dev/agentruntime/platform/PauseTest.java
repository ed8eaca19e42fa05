package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.PingAnswer;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.SessionProbe;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Target;
import dev.agentruntime.spi.fake.FakeVm;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PauseTest extends PlatformTestBase {

    private static final Duration PING = Duration.ofSeconds(5);

    @Test
    void aSessionThatRestsIsPausedAndItsNextRequestWakesIt() {
        startReady();
        FakeVm vm = resting();
        assertThat(platform.session("hello", ID, ALICE).status()).isEqualTo(SessionView.Status.IDLE);
        Invocation next = invoke(ID, ALICE);
        assertThat(next.vm()).isEqualTo(vm.name());
        assertThat(vm.isPaused()).isFalse();
        next.connect(Target.AGENT).close();
        next.close(Invocation.Outcome.SUCCESS);
    }

    @Test
    void requestsThatComeTogetherAllWaitUntilItRuns() {
        startReady();
        FakeVm vm = resting();
        var first = asking(ID, ALICE);
        var second = asking(ID, ALICE);
        get(first).connect(Target.AGENT).close();
        get(second).connect(Target.AGENT).close();
        assertThat(vm.isPaused()).isFalse();
    }

    @Test
    void aPausedVmIsNotPinged() {
        startReady();
        served(ID, ALICE);
        SessionProbe target = platform.probes().get(0);
        rest(vm(platform.session("hello", ID, ALICE).vm().orElseThrow()));
        assertThat(platform.probes()).isEmpty();
        assertThat(((PingAnswer.Replied) target.ask(PING)).body()).contains("Healthy");
        target.report(PingStatus.FAILED, "said");
        target.report(PingStatus.FAILED, "said");
        target.report(PingStatus.FAILED, "said");
        assertThat(platform.session("hello", ID, ALICE).status()).isEqualTo(SessionView.Status.IDLE);
    }

    @Test
    void aBusyAgentIsNotPaused() {
        startReady();
        FakeVm vm = served(ID, ALICE);
        vm.answerPings(new PingAnswer.Replied(200, "{\"status\":\"HealthyBusy\"}"));
        SessionProbe target = platform.probes().get(0);
        target.ask(PING);
        target.report(PingStatus.HEALTHY_BUSY, "said");
        pass(Duration.ofMinutes(1));
        assertThat(platform.session("hello", ID, ALICE).status()).isEqualTo(SessionView.Status.ACTIVE);
        assertThat(vm.isPaused()).isFalse();
    }

    @Test
    void theListenerIsToldWhenTheLastRequestEnds() {
        startReady();
        Invocation one = invoke(ID, ALICE);
        Invocation two = invoke(ID, ALICE);
        one.close(Invocation.Outcome.SUCCESS);
        assertThat(recorder.told).doesNotContain("work ended");
        two.close(Invocation.Outcome.SUCCESS);
        await().untilAsserted(() -> assertThat(recorder.told).contains("work ended"));
    }

    @Test
    void aPausedSessionIsMeteredAndEndsAtItsIdleTimeout() {
        startReady();
        FakeVm vm = resting();
        vm.hold(100);
        assertThat(platform.session("hello", ID, ALICE).usage().cpuNanos()).isZero();
        pass(Duration.ofMinutes(16));
        awaitEnded(ID, "idle timeout");
    }

    @Test
    void aPausedSessionCanBeStopped() {
        startReady();
        resting();
        assertThat(get(platform.stop("hello", ID, ALICE)).status()).isEqualTo(SessionView.Status.TERMINATED);
        assertThat(driver.live()).isEmpty();
    }

    @Test
    void aVmThatDoesNotResumeEndsItsSession() {
        startReady();
        FakeVm vm = resting();
        vm.failResume("QEMU does not answer.");
        assertThat(refused(asking(ID, ALICE))).hasMessageContaining("QEMU does not answer.");
        awaitEnded(ID, "could not be resumed");
    }

    private FakeVm resting() {
        FakeVm vm = served(ID, ALICE);
        rest(vm);
        return vm;
    }

    private void rest(FakeVm vm) {
        SessionProbe target = platform.probes().get(0);
        target.ask(PING);
        target.report(PingStatus.HEALTHY, "said");
        pass(Duration.ofSeconds(2));
        await().until(vm::isPaused);
    }
}
