package dev.agentruntime.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.PlatformWork;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class VmPoolTest extends AgentsTestBase {

    @Test
    void aPoolFillsToItsMinimum() {
        filled(2, 4);
        assertThat(driver.live()).hasSize(2).allMatch(FakeVm::isPaused).allMatch(vm -> vm.session().isEmpty());
        await().untilAsserted(() -> assertThat(events.pooled).containsEntry("hello", 2));
    }

    @Test
    void aSessionTakesAVmThatWaitsAndAnotherTakesItsPlace() {
        filled(1, 4);
        FakeVm waiting = driver.live().get(0);
        assertThat(begin(lease("hello"), "s")).isSameAs(waiting);
        awaitPooled("hello", 1);
        assertThat(driver.live()).hasSize(2);
    }

    @Test
    void noVmIsTakenTwice() {
        filled(3, 3);
        List<WaitingVm> taken = IntStream.range(0, 3).mapToObj(any -> lease("hello").takeWaiting().orElseThrow()).toList();
        assertThat(taken).extracting(WaitingVm::vm).doesNotHaveDuplicates();
        assertThat(lease("hello").takeWaiting()).isEmpty();
    }

    @Test
    void aPoolGrowsWithTheArrivalsAndShrinksAfterThem() {
        filled(1, 3);
        IntStream.range(0, 20).forEach(any -> lease("hello").takeWaiting().ifPresent(WaitingVm::drop));
        awaitPooled("hello", 3);
        clock.advance(Duration.ofMinutes(5));
        awaitPooled("hello", 1);
    }

    @Test
    void aPoolOfNoneMakesNothingAhead() {
        startReady();
        IntStream.range(0, 5).forEach(any -> {
            lease("hello").takeWaiting();
            agents.tick();
        });
        assertThat(driver.started()).isEmpty();
    }

    @Test
    void aPooledVmThatDiesIsReplaced() {
        filled(1, 1);
        FakeVm first = driver.live().get(0);
        first.die("killed");
        await().until(first::isDestroyed);
        awaitPooled("hello", 1);
        assertThat(driver.live()).doesNotContain(first);
    }

    @Test
    void aVmWhoseMeterCannotBeReadIsDestroyedAndAnotherMade() {
        driver.failures().next(FakeDriver.Step.READ, new VmException("no such cgroup"));
        pool = new PoolBounds(1, 1);
        startReady();
        ticking(() -> assertThat(events.failures).contains("hello POOL"));
        await().until(() -> driver.started().get(0).isDestroyed());
        clock.advance(Duration.ofSeconds(2));
        awaitPooled("hello", 1);
        assertThat(driver.live()).hasSize(1);
    }

    @Test
    void aFailedFillIsTriedAgainAfterAPause() {
        driver.failures().next(FakeDriver.Step.AHEAD, new VmException("No memory."));
        pool = new PoolBounds(1, 1);
        startReady();
        ticking(() -> assertThat(events.failures).contains("hello POOL"));
        IntStream.range(0, 5).forEach(any -> agents.tick());
        assertThat(driver.live()).isEmpty();
        clock.advance(Duration.ofSeconds(2));
        awaitPooled("hello", 1);
    }

    @Test
    void aPoolFillsOnceTheProcessHasThreadsAgain() {
        startReady();
        outOfThreads = true;
        pool = new PoolBounds(1, 1);
        configure(hello());
        ticking(() -> assertThat(events.failures).contains("hello POOL"));
        IntStream.range(0, 5).forEach(any -> {
            clock.advance(Duration.ofMinutes(2));
            agents.tick();
        });
        outOfThreads = false;
        clock.advance(Duration.ofMinutes(2));
        awaitPooled("hello", 1);
        assertThat(driver.live()).hasSize(1);
    }

    @Test
    void aVmThatFindsNoThreadToDestroyItIsTriedAgainUntilItIsGone() {
        filled(1, 1);
        FakeVm dropped = driver.live().get(0);
        WaitingVm taken = lease("hello").takeWaiting().orElseThrow();
        outOfThreads = true;
        taken.drop();
        clock.advance(Duration.ofSeconds(2));
        agents.tick();
        assertThat(dropped.isDestroyed()).isFalse();
        outOfThreads = false;
        clock.advance(Duration.ofMinutes(1));
        ticking(() -> assertThat(dropped.isDestroyed()).isTrue());
    }

    @Test
    void aVmWhoseDestructionMeetsAnErrorIsTriedAgainUntilItIsGone() {
        filled(1, 1);
        FakeVm dropped = driver.live().get(0);
        driver.failures().always(FakeDriver.Step.DESTROY, () -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        lease("hello").takeWaiting().orElseThrow().drop();
        await().untilAsserted(() -> assertThat(events.failures).contains("hello DESTROY"));
        driver.failures().heal(FakeDriver.Step.DESTROY);
        clock.advance(Duration.ofSeconds(2));
        ticking(() -> assertThat(dropped.isDestroyed()).isTrue());
    }

    @Test
    void aVmThatCannotBeDestroyedIsTriedAgainUntilItIsGone() {
        filled(1, 1);
        FakeVm dropped = driver.live().get(0);
        driver.failures().next(FakeDriver.Step.DESTROY, new VmException("libvirtd is away"));
        driver.failures().next(FakeDriver.Step.DESTROY, new VmException("libvirtd is away"));
        lease("hello").takeWaiting().orElseThrow().drop("spoilt");
        await().untilAsserted(() -> assertThat(events.failures).hasSize(1));
        assertThat(dropped.isDestroyed()).isFalse();
        clock.advance(Duration.ofSeconds(2));
        ticking(() -> assertThat(events.failures).hasSize(2));
        clock.advance(Duration.ofSeconds(4));
        ticking(() -> assertThat(dropped.isDestroyed()).isTrue());
    }

    @Test
    void aNewWarTakesOverThePool() throws IOException {
        filled(1, 1);
        FakeVm old = driver.live().get(0);
        war("hello.war", "second, longer");
        ticking(() -> {
            assertThat(old.isDestroyed()).isTrue();
            assertThat(view("hello").pooled()).isEqualTo(1);
        });
        ticking(() -> assertThat(driver.closedTemplates()).hasSize(1));
    }

    @Test
    void aVmThatIsBeingMadeWhenItsAgentIsRemovedIsDestroyed() {
        pool = new PoolBounds(1, 1);
        driver.failures().hold(FakeDriver.Step.AHEAD);
        startReady();
        agents.tick();
        configure();
        assertThat(driver.closedTemplates()).isEmpty();
        driver.failures().release(FakeDriver.Step.AHEAD);
        await().untilAsserted(() -> assertThat(driver.closedTemplates()).hasSize(1));
        await().until(() -> driver.live().isEmpty());
    }

    @Test
    void thePoolOfARemovedAgentIsDrained() {
        filled(2, 2);
        configure();
        await().until(() -> driver.live().isEmpty());
        await().until(() -> !driver.closedTemplates().isEmpty());
        assertThat(events.pooled).containsEntry("hello", 0);
    }

    @Test
    void closingDestroysWhatWaits() {
        filled(3, 3);
        agents.close();
        await().until(() -> driver.live().isEmpty());
    }

    @Test
    void whatWaitingCostsIsChargedToThePlatform() {
        filled(1, 1);
        long made = Duration.ofMillis(300).toNanos();
        assertThat(events.cpuNanos).containsEntry(PlatformWork.POOL, made);
        WaitingVm waiting = lease("hello").takeWaiting().orElseThrow();
        assertThat(waiting.chargedCpuNanos()).isEqualTo(made);
        ((FakeVm) waiting.vm()).burn(Duration.ofSeconds(1));
        waiting.drop();
        await().untilAsserted(() -> assertThat(events.cpuNanos.get(PlatformWork.POOL))
                .isGreaterThanOrEqualTo(made + Duration.ofSeconds(1).toNanos()));
    }

    @Test
    void aSessionThatIsBeingStartedKeepsThePoolFromBeingFilled() {
        pool = new PoolBounds(1, 1);
        startReady();
        awaitPooled("hello", 1);
        AgentLease.Starting starting = lease("hello").starting();
        lease("hello").takeWaiting().orElseThrow().drop();
        starting.close();
        starting.close();
        awaitPooled("hello", 1);
    }

    @Test
    void roomIsMadeByAsManyVmsAsItTakesAndNoMore() {
        filled(4, 4);
        assertThat(agents.makeRoom(1)).isEqualTo(1);
        assertThat(driver.live()).hasSize(3);
        assertThat(agents.makeRoom(GIB + 1)).isEqualTo(2);
        assertThat(driver.live()).hasSize(1);
        assertThat(agents.makeRoom(10 * GIB)).isEqualTo(1);
        assertThat(agents.makeRoom(1)).isZero();
    }

    @Test
    void theFullestPoolGivesWayFirstAndIsNotFilledAgainForAMinute() throws IOException {
        settings = new AgentSettings(pool, folder.resolve("dropins"), GIB, List.of(pooled("few", 1), pooled("many", 3)),
                folder.resolve("copies"));
        war("few.war", "few");
        war("many.war", "many");
        start();
        awaitPooled("few", 1);
        awaitPooled("many", 3);
        assertThat(agents.makeRoom(2 * GIB)).isEqualTo(2);
        assertThat(view("few").pooled()).isEqualTo(1);
        assertThat(view("many").pooled()).isEqualTo(1);
        IntStream.range(0, 5).forEach(any -> agents.tick());
        assertThat(view("many").pooled()).isEqualTo(1);
        clock.advance(Duration.ofMinutes(1));
        awaitPooled("many", 3);
    }

    @Test
    void aVmThatCannotBeDestroyedMakesNoRoomAndTheNextOneDoes() {
        filled(2, 2);
        driver.failures().next(FakeDriver.Step.DESTROY, new VmException("libvirtd is away"));
        assertThat(agents.makeRoom(1)).isEqualTo(1);
        assertThat(driver.live()).hasSize(1);
        assertThat(view("hello").pooled()).isZero();
    }

    @Test
    void makingNoRoomDestroysNothing() {
        filled(2, 2);
        assertThat(agents.makeRoom(0)).isZero();
        assertThat(driver.live()).hasSize(2);
    }

    private AgentConfig pooled(String name, int vms) {
        return new AgentConfig(name, folder.resolve(name + ".war"), GIB, 1,
                Optional.of(new PoolBounds(vms, vms)), Sharing.VERSION);
    }

    private void filled(int min, int max) {
        pool = new PoolBounds(min, max);
        startReady();
        awaitPooled("hello", min);
        assertThat(driver.prepared()).extracting(AgentSpec::runtime).containsExactly("hello");
    }

    private void awaitPooled(String name, int vms) {
        ticking(() -> assertThat(view(name).pooled()).isEqualTo(vms));
    }
}
