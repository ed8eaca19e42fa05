package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.agents.PoolBounds;
import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.TemplateLostException;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class PoolTest extends PlatformTestBase {

    @Test
    void aSessionTakesAVmThatWaitsAndAnotherTakesItsPlace() {
        filled(1, 4);
        FakeVm waiting = driver.live().get(0);
        Invocation invocation = invoke(ID, ALICE);
        assertThat(invocation.vm()).isEqualTo(waiting.name());
        assertThat(waiting.session()).hasValue(ID);
        assertThat(platform.session("hello", ID, ALICE).startMode()).hasValue(StartMode.PRIMED);
        awaitPooled(1);
        assertThat(driver.live()).hasSize(2);
    }

    @Test
    void aVmThatServedIsDestroyedAndNeverWaitsAgain() {
        filled(1, 1);
        FakeVm used = served(ID, ALICE);
        get(platform.stop("hello", ID, ALICE));
        awaitPooled(1);
        assertThat(used.isDestroyed()).isTrue();
        assertThat(driver.live()).doesNotContain(used);
    }

    @Test
    void eightAtOnceOnAnEmptyPoolAreAllServed() {
        startReady();
        List<CompletionStage<Invocation>> asking =
                IntStream.range(0, 8).mapToObj(i -> asking(ID + "-" + i, ALICE)).toList();
        assertThat(all(asking)).extracting(Invocation::vm).doesNotHaveDuplicates().hasSize(8);
    }

    @Test
    void aPooledVmThatDoesNotBeginCostsNoSession() {
        filled(1, 1);
        FakeVm spoilt = driver.live().get(0);
        driver.failures().next(FakeDriver.Step.BEGIN, new VmException("The guest did not confirm."));
        Invocation invocation = invoke(ID, ALICE);
        assertThat(invocation.vm()).isNotEqualTo(spoilt.name());
        assertThat(platform.session("hello", ID, ALICE).startMode()).hasValue(StartMode.CLONE);
        await().until(spoilt::isDestroyed);
    }

    @Test
    void pooledVmsMakeRoomForASessionThatFindsNone() {
        filled(2, 2);
        driver.failures().next(FakeDriver.Step.BEGIN, new VmException("Spoilt."));
        driver.failures().next(FakeDriver.Step.START, new NoRoomException("No memory on the host.", 1 << 30));
        Invocation invocation = invoke(ID, ALICE);
        await().untilAsserted(() -> assertThat(driver.live()).extracting(FakeVm::name).containsExactly(invocation.vm()));
    }

    static List<VmException> failuresThatRoomDoesNotHelp() {
        return List.of(new VmException("failed"), new HypervisorAwayException("libvirtd does not answer"),
                new TemplateLostException("ram is gone"));
    }

    @ParameterizedTest
    @MethodSource("failuresThatRoomDoesNotHelp")
    void aStartThatFailsForAnotherReasonThanRoomTakesNoVmOfOtherAgents(VmException failure) throws IOException {
        pool = new PoolBounds(2, 2);
        start(config(hello(), agent("other", war("other.war", "another"))));
        await().untilAsserted(() -> {
            platform.tick();
            assertThat(platform.runtimes()).extracting(AgentRuntimeView::pooled).containsOnly(2);
        });
        driver.failures().next(FakeDriver.Step.BEGIN, new VmException("Spoilt."));
        driver.failures().always(FakeDriver.Step.START, () -> failure);
        CompletionStage<Invocation> asking = asking(ID, ALICE);
        await().until(() -> {
            pass(Duration.ofSeconds(1));
            return asking.toCompletableFuture().isCompletedExceptionally();
        });
        assertThat(platform.runtime("other").pooled()).isEqualTo(2);
    }

    @Test
    void pooledVmsDoNotCountAsSessions() {
        filled(3, 3);
        assertThat(platform.runtime("hello").liveSessions()).isZero();
        assertThat(platform.probes()).isEmpty();
    }

    @Test
    void whatWaitingCostsIsChargedToThePlatform() {
        filled(1, 1);
        assertThat(recorder.poolCpu).hasValue(Duration.ofMillis(300).toNanos());
        Invocation invocation = invoke(ID, ALICE);
        assertThat(recorder.startCpu).hasValue(Duration.ofMillis(50).toNanos());
        vm(invocation.vm()).burn(Duration.ofSeconds(1));
        assertThat(platform.session("hello", ID, ALICE).usage().cpuNanos()).isEqualTo(Duration.ofSeconds(1).toNanos());
    }

    private void filled(int min, int max) {
        pool = new PoolBounds(min, max);
        startReady();
        awaitPooled(min);
    }

    private void awaitPooled(int vms) {
        await().untilAsserted(() -> {
            platform.tick();
            assertThat(platform.runtime("hello").pooled()).isEqualTo(vms);
        });
    }
}
