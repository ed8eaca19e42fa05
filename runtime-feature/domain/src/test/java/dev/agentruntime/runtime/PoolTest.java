package dev.agentruntime.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.agents.PoolBounds;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PoolTest extends PlatformTestBase {

    @Test
    void aPoolFillsToItsMinimum() {
        filled(2, 4);
        assertThat(driver.live()).hasSize(2).allMatch(FakeVm::isPaused).allMatch(vm -> vm.session().isEmpty());
    }

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
    void aPoolGrowsWithTheArrivalsAndShrinksAfterThem() {
        filled(1, 3);
        IntStream.range(0, 20).forEach(i -> served(ID + "-" + i, ALICE));
        awaitPooled(3);
        clock.advance(Duration.ofMinutes(5));
        awaitPooled(1);
    }

    @Test
    void aPoolOfNoneMakesNothingAhead() {
        startReady();
        served(ID, ALICE);
        IntStream.range(0, 5).forEach(i -> platform.tick());
        assertThat(driver.live()).hasSize(1);
        assertThat(platform.session("hello", ID, ALICE).startMode()).hasValue(StartMode.CLONE);
    }

    @Test
    void aPooledVmThatDiesIsReplaced() {
        filled(1, 1);
        FakeVm first = driver.live().get(0);
        first.die("killed");
        await().until(first::isDestroyed);
        awaitPooled(1);
        assertThat(driver.live()).doesNotContain(first);
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
    void aFailedFillIsTriedAgainAfterAPause() {
        driver.failures().next(FakeDriver.Step.AHEAD, new VmException("No memory."));
        pool = new PoolBounds(1, 1);
        startReady();
        await().until(() -> {
            platform.tick();
            return recorder.told.contains("failed pool");
        });
        assertThat(driver.live()).isEmpty();
        clock.advance(Duration.ofSeconds(2));
        awaitPooled(1);
    }

    @Test
    void pooledVmsMakeRoomForASessionThatFindsNone() {
        filled(2, 2);
        driver.failures().next(FakeDriver.Step.BEGIN, new VmException("Spoilt."));
        driver.failures().next(FakeDriver.Step.START, new NoRoomException("No memory on the host.", 1L << 30));
        Invocation invocation = invoke(ID, ALICE);
        assertThat(driver.live()).extracting(FakeVm::name).containsExactly(invocation.vm());
    }

    @Test
    void pooledVmsDoNotCountAsSessions() {
        filled(3, 3);
        assertThat(platform.runtime("hello").liveSessions()).isZero();
        assertThat(platform.probes()).isEmpty();
    }

    @Test
    void aNewVersionTakesOverThePool() throws Exception {
        filled(1, 1);
        FakeVm old = driver.live().get(0);
        war("hello.war", "version 2");
        clock.advance(Duration.ofSeconds(10));
        await().untilAsserted(() -> {
            platform.tick();
            assertThat(old.isDestroyed()).isTrue();
            assertThat(platform.runtime("hello").pooled()).isEqualTo(1);
        });
        assertThat(driver.prepared()).hasSize(2);
    }

    @Test
    void thePoolOfARemovedAgentIsDrained() {
        filled(2, 2);
        platform.update(config());
        await().until(() -> driver.live().isEmpty());
        await().until(() -> !driver.closedTemplates().isEmpty());
    }

    @Test
    void closingLeavesNothing() {
        filled(3, 3);
        platform.close();
        assertThat(driver.live()).isEmpty();
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
