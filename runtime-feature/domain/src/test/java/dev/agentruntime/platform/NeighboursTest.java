package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.agents.AgentConfig;
import dev.agentruntime.agents.PoolBounds;
import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.SessionProbe;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is slow holds up its own session and nobody else's. */
final class NeighboursTest extends PlatformTestBase {

    private static final int MANY = 9;

    @Test
    void slowEndsDelayNeitherRequestsNorStartsNorWakes() {
        startReady();
        Invocation warm = invoke(ID, ALICE);
        FakeVm paused = resting(ID + "-paused");
        served(all("ending"));
        driver.failures().hold(FakeDriver.Step.DESTROY);
        List<CompletionStage<SessionView>> ends = all("ending").stream().map(id -> platform.stop("hello", id, ALICE)).toList();
        assertThat(invoke(ID, ALICE).vm()).isEqualTo(warm.vm());
        assertThat(vm(invoke(ID + "-new", ALICE).vm()).session()).hasValue(ID + "-new");
        assertThat(invoke(ID + "-paused", ALICE).vm()).isEqualTo(paused.name());
        assertThat(ends).noneMatch(end -> end.toCompletableFuture().isDone());
        driver.failures().release(FakeDriver.Step.DESTROY);
        ends.forEach(PlatformTestBase::get);
    }

    @Test
    void slowBeginsDelayNeitherRequestsNorWakesNorEnds() {
        startReady();
        Invocation warm = invoke(ID, ALICE);
        FakeVm paused = resting(ID + "-paused");
        served(ID + "-ending", ALICE);
        driver.failures().hold(FakeDriver.Step.BEGIN);
        List<CompletionStage<Invocation>> begins = all("new").stream().map(id -> asking(id, ALICE)).toList();
        await().until(() -> driver.live().size() == MANY + 3);
        assertThat(invoke(ID, ALICE).vm()).isEqualTo(warm.vm());
        assertThat(invoke(ID + "-paused", ALICE).vm()).isEqualTo(paused.name());
        assertThat(get(platform.stop("hello", ID + "-ending", ALICE)).status()).isEqualTo(SessionView.Status.TERMINATED);
        assertThat(begins).noneMatch(begin -> begin.toCompletableFuture().isDone());
        driver.failures().release(FakeDriver.Step.BEGIN);
        begins.forEach(PlatformTestBase::get);
    }

    @Test
    void startsThatHangDelayPooledBeginsAndWakesByNothing() {
        pool = new PoolBounds(1, 1);
        startReady();
        FakeVm paused = resting(ID + "-paused");
        awaitPooled();
        driver.failures().hold(FakeDriver.Step.START);
        driver.failures().hold(FakeDriver.Step.AHEAD);
        FakeVm pooled = driver.live().stream().filter(vm -> vm.session().isEmpty()).findFirst().orElseThrow();
        assertThat(invoke(ID + "-first", ALICE).vm()).isEqualTo(pooled.name());
        List<CompletionStage<Invocation>> starts = all("new").stream().map(id -> asking(id, ALICE)).toList();
        assertThat(invoke(ID + "-paused", ALICE).vm()).isEqualTo(paused.name());
        driver.failures().release(FakeDriver.Step.AHEAD);
        driver.failures().release(FakeDriver.Step.START);
        starts.forEach(PlatformTestBase::get);
    }

    @Test
    void twentyAgentsThatAreBeingMadeReadyDelayNeitherPooledBeginsNorWakesNorTheFillingOfThePool() throws IOException {
        pool = new PoolBounds(1, 1);
        startReady();
        FakeVm paused = resting(ID + "-paused");
        awaitPooled();
        driver.failures().hold(FakeDriver.Step.PREPARE);
        List<AgentConfig> agents = new ArrayList<>(List.of(hello()));
        for (int i = 0; i < 20; i++) {
            agents.add(agent("deployed" + i, war("deployed" + i + ".war", "agent " + i)));
        }
        platform.update(config(agents.toArray(AgentConfig[]::new)));
        agents.stream().skip(1).forEach(deployed -> awaitStatus(deployed.name(), AgentRuntimeView.Status.CREATING));
        FakeVm pooled = driver.live().stream().filter(vm -> vm.session().isEmpty()).findFirst().orElseThrow();
        assertThat(invoke(ID + "-new", ALICE).vm()).isEqualTo(pooled.name());
        assertThat(invoke(ID + "-paused", ALICE).vm()).isEqualTo(paused.name());
        awaitPooled();
        assertThat(driver.prepared()).as("none of the twenty").hasSize(1);
        driver.failures().release(FakeDriver.Step.PREPARE);
        agents.forEach(deployed -> awaitStatus(deployed.name(), AgentRuntimeView.Status.READY));
    }

    @ParameterizedTest
    @EnumSource(value = FakeDriver.Step.class, names = {"PAUSE", "RESUME", "READ", "PING"})
    void aStepThatHangsHoldsUpItsOwnSessionOnly(FakeDriver.Step step) {
        startReady();
        List<FakeVm> sleepers = all("held").stream().map(this::resting).toList();
        served(ID, ALICE);
        SessionProbe probe = platform.probes().get(0);
        driver.failures().hold(step);
        List<CompletionStage<Invocation>> held = all("held").stream().map(id -> asking(id, ALICE)).toList();
        Thread pinger = new Thread(() -> probe.ask(Duration.ofSeconds(1)));
        pinger.setDaemon(true);
        pinger.start();
        assertThat(invoke(ID, ALICE).vm()).isNotIn(sleepers.stream().map(FakeVm::name).toList());
        if (step != FakeDriver.Step.READ) {
            assertThat(invoke(ID + "-new", ALICE).vm()).isNotBlank();
            get(platform.stop("hello", ID + "-new", ALICE));
        }
        platform.tick();
        driver.failures().release(step);
        held.forEach(PlatformTestBase::get);
    }

    @Test
    void aRequestToARunningSessionIsAnsweredOnTheCallersThread() {
        startReady();
        served(ID, ALICE);
        driver.failures().hold(FakeDriver.Step.READ);
        for (int i = 0; i < 50; i++) {
            assertThat(asking(ID, ALICE).toCompletableFuture()).isCompleted();
        }
        driver.failures().release(FakeDriver.Step.READ);
    }

    @Test
    void aCallerThatDoesNotComeBackHoldsUpItsOwnSessionOnly() throws Exception {
        startReady();
        driver.failures().hold(FakeDriver.Step.BEGIN);
        CompletionStage<Invocation> first = asking(ID, ALICE);
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch reached = new CountDownLatch(1);
        first.thenAccept(invocation -> {
            reached.countDown();
            pass(stuck);
        });
        driver.failures().release(FakeDriver.Step.BEGIN);
        assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
        platform.tick();
        assertThat(invoke(ID + "-2", ALICE).vm()).isNotBlank();
        get(platform.stop("hello", ID + "-2", ALICE));
        stuck.countDown();
    }

    @Test
    void aCallerThatDoesNotComeBackFromTheNewsOfAnEndKeepsNoVm() {
        startReady();
        served(ID, ALICE);
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        driver.failures().next(FakeDriver.Step.DESTROY, new VmException("The VM does not end."));
        platform.stop("hello", ID, ALICE).whenComplete((view, failure) -> {
            told.countDown();
            pass(never);
        });
        pass(told);
        await().untilAsserted(() -> {
            pass(Duration.ofSeconds(2));
            assertThat(driver.live()).isEmpty();
        });
        never.countDown();
    }

    @Test
    void aCallerThatDoesNotComeBackFromARefusalKeepsNoVm() {
        startReady();
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        driver.failures().hold(FakeDriver.Step.BEGIN);
        driver.failures().next(FakeDriver.Step.BEGIN, new VmException("The guest does not confirm."));
        asking(ID, ALICE).whenComplete((invocation, failure) -> {
            told.countDown();
            pass(never);
        });
        driver.failures().release(FakeDriver.Step.BEGIN);
        pass(told);
        await().untilAsserted(() -> assertThat(driver.live()).isEmpty());
        assertThat(driver.started()).hasSize(1);
        never.countDown();
    }

    private static void pass(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void served(List<String> ids) {
        ids.forEach(id -> served(id, ALICE));
    }

    private static List<String> all(String kind) {
        return IntStream.range(0, MANY).mapToObj(i -> ID + "-" + kind + "-" + i).toList();
    }

    private void awaitPooled() {
        await().untilAsserted(() -> {
            platform.tick();
            assertThat(platform.runtime("hello").pooled()).isEqualTo(1);
        });
    }
}
