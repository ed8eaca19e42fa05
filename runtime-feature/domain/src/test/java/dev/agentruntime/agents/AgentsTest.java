package dev.agentruntime.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.AgentRuntimeView.Status;
import dev.agentruntime.api.PlatformWork;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.spi.AgentPaths;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.AgentStartException;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class AgentsTest extends AgentsTestBase {

    @Test
    void anAgentThatFindsNoThreadToBePreparedOnIsPreparedLater() {
        outOfThreads = true;
        start(hello());
        awaitStatus("hello", Status.CREATE_FAILED);
        assertThat(refused("hello").kind()).isEqualTo(RequestException.Kind.PLATFORM);
        outOfThreads = false;
        clock.advance(Duration.ofMinutes(1));
        awaitStatus("hello", Status.READY);
        assertThat(driver.prepared()).hasSize(1);
    }

    @Test
    void aConfiguredAgentBecomesReady() {
        startReady();
        AgentRuntimeView view = view("hello");
        assertThat(view.digest()).hasValueSatisfying(digest -> assertThat(digest).matches("[0-9a-f]{12}"));
        assertThat(view.startMode()).hasValue(StartMode.CLONE);
        assertThat(view.statusReason()).isEmpty();
        assertThat(agents.started()).isTrue();
        assertThat(events.cpuNanos.get(PlatformWork.TEMPLATE)).isPositive();
    }

    @Test
    void nothingIsPreparedBeforeTheHypervisorIsCleanOfAnEarlierRun() {
        configure(hello());
        agents = new Agents(driver, folder.resolve("copies"), () -> settings, clock,
                new AgentExecutors(Runnable::run, Runnable::run, Runnable::run, Runnable::run), event -> { }, List::of);
        for (int second = 0; second < 5; second++) {
            agents.tick();
        }
        assertThat(driver.prepared()).isEmpty();
        assertThat(view("hello").status()).isEqualTo(Status.CREATING);
        assertThat(agents.started()).isFalse();
        agents.begin();
        agents.tick();
        agents.tick();
        assertThat(driver.prepared()).hasSize(1);
        assertThat(agents.started()).isTrue();
    }

    @Test
    void aLeaseIsWaitedForWhileTheAgentIsPrepared() {
        driver.failures().hold(FakeDriver.Step.PREPARE);
        start(hello());
        CompletionStage<AgentLease> waiting = agents.lease("hello", "");
        ticking(() -> assertThat(view("hello").statusReason()).contains("Deploying"));
        assertThat(agents.started()).isFalse();
        assertThat(waiting.toCompletableFuture()).isNotDone();
        driver.failures().release(FakeDriver.Step.PREPARE);
        assertThat(begin(get(waiting), "s").session()).hasValue("s");
    }

    @Test
    void aWaiterWhoHasGivenUpLeavesNoLeaseBehind() throws IOException {
        driver.failures().hold(FakeDriver.Step.PREPARE);
        start(hello());
        agents.lease("hello", "").toCompletableFuture().cancel(false);
        driver.failures().release(FakeDriver.Step.PREPARE);
        awaitStatus("hello", Status.READY);
        war("hello.war", "second, longer");
        ticking(() -> assertThat(driver.closedTemplates()).hasSize(1));
    }

    @Test
    void nobodyHasALeaseOfAnUnknownAgent() {
        startReady();
        assertThat(refused("nobody").kind()).isEqualTo(Kind.NOT_FOUND);
    }

    @Test
    void aBrokenWarSaysWhyAndTheOthersRunOn() throws IOException {
        driver.failures().next(FakeDriver.Step.PREPARE,
                new AgentStartException("No class has @AgentEntrypoint.", List.of("CWWKZ0002E: it failed")));
        start(agent("broken", war("broken.war", "broken")));
        awaitStatus("broken", Status.CREATE_FAILED);
        assertThat(view("broken").statusReason()).contains("No class has @AgentEntrypoint.");
        assertThat(view("broken").log()).containsExactly("CWWKZ0002E: it failed");
        assertThat(refused("broken").kind()).isEqualTo(Kind.AGENT);
        assertThat(refused("broken").log()).containsExactly("CWWKZ0002E: it failed");
        configure(agent("broken", folder.resolve("broken.war")), hello());
        awaitStatus("hello", Status.READY);
        assertThat(agents.started()).isTrue();
    }

    @Test
    void anAgentThatIsAddedLaterDoesNotUnstartThePlatform() {
        startReady();
        assertThat(agents.started()).isTrue();
        driver.failures().hold(FakeDriver.Step.PREPARE);
        configure(hello(), agent("later", folder.resolve("hello.war")));
        ticking(() -> assertThat(view("later").statusReason()).contains("Deploying"));
        assertThat(agents.started()).isTrue();
    }

    @Test
    void aRepairedWarIsPickedUpByItself() throws IOException {
        driver.failures().next(FakeDriver.Step.PREPARE, new AgentStartException("broken", List.of()));
        start(hello());
        awaitStatus("hello", Status.CREATE_FAILED);
        war("hello.war", "repaired, longer");
        awaitStatus("hello", Status.READY);
    }

    @Test
    void aMissingWarSaysWhereItIsExpectedAndIsPickedUpOnceItIsThere() throws IOException {
        start(agent("absent", folder.resolve("absent.war")));
        awaitStatus("absent", Status.CREATE_FAILED);
        assertThat(view("absent").statusReason()).contains(folder.resolve("absent.war").toString());
        assertThat(agents.started()).isTrue();
        assertThat(events.failures).containsExactly("absent AGENT_START");
        war("absent.war", "there");
        awaitStatus("absent", Status.READY);
    }

    @Test
    void aWarThatIsTakenAwayAndPutBackGoesOnServing() throws IOException {
        startReady();
        Files.delete(folder.resolve("hello.war"));
        ticking(() -> assertThat(view("hello").statusReason()).contains("There is no WAR"));
        assertThat(view("hello").status()).isEqualTo(Status.READY);
        war("hello.war", "first");
        ticking(() -> assertThat(view("hello").statusReason()).isEmpty());
        assertThat(driver.prepared()).hasSize(1);
    }

    static List<VmException> whatThePlatformMayFailAt() {
        return List.of(new HypervisorAwayException("libvirtd does not answer"), new NoRoomException("no memory", GIB),
                new VmException("cp: no space left on device"));
    }

    @ParameterizedTest
    @MethodSource("whatThePlatformMayFailAt")
    void whatThePlatformFailedIsTriedAgainUntilItWorks(VmException failure) {
        for (int failures = 0; failures < 3; failures++) {
            driver.failures().next(FakeDriver.Step.PREPARE, failure);
        }
        start(hello());
        awaitStatus("hello", Status.CREATE_FAILED);
        assertThat(refused("hello").kind()).isEqualTo(Kind.PLATFORM);
        assertThat(view("hello").statusReason()).contains(failure.getMessage());
        ticking(() -> {
            clock.advance(Duration.ofSeconds(1));
            assertThat(view("hello").status()).isEqualTo(Status.READY);
        });
        assertThat(view("hello").startMode()).hasValue(StartMode.CLONE);
    }

    @Test
    void aFailedPreparationIsNotTriedAgainBeforeItsPauseIsOver() {
        driver.failures().next(FakeDriver.Step.PREPARE, new VmException("The hypervisor is away."));
        start(hello());
        awaitStatus("hello", Status.CREATE_FAILED);
        clock.advance(Duration.ofSeconds(9));
        for (int ticks = 0; ticks < 5; ticks++) {
            agents.tick();
        }
        assertThat(driver.prepared()).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        awaitStatus("hello", Status.READY);
    }

    @Test
    void newLeasesAreOfTheNewWarAndOldOnesKeepTheOldTemplate() throws IOException {
        startReady();
        AgentLease old = lease("hello");
        war("hello.war", "second, longer");
        ticking(() -> assertThat(view("hello").digest()).isNotEqualTo(Optional.of(old.digest())));
        assertThat(lease("hello").digest()).isNotEqualTo(old.digest());
        assertThat(driver.closedTemplates()).isEmpty();
        assertThat(begin(old, "s").isDestroyed()).isFalse();
        assertThat(driver.prepared().get(0).artifact().file()).exists();
        old.close();
        await().untilAsserted(() -> assertThat(driver.closedTemplates()).containsExactly(driver.prepared().get(0)));
        await().untilAsserted(() -> assertThat(driver.prepared().get(0).artifact().file()).doesNotExist());
    }

    @Test
    void aLeaseThatIsClosedTwiceReleasesNothingOfAnothers() throws IOException {
        startReady();
        AgentLease mine = lease("hello");
        AgentLease others = lease("hello");
        mine.close();
        mine.close();
        war("hello.war", "second, longer");
        ticking(() -> assertThat(driver.prepared()).hasSize(2));
        ticking(() -> assertThat(lease("hello").digest()).isNotEqualTo(mine.digest()));
        assertThat(driver.closedTemplates()).isEmpty();
        assertThat(begin(others, "s").session()).hasValue("s");
        others.close();
        await().untilAsserted(() -> assertThat(driver.closedTemplates()).hasSize(1));
    }

    @Test
    void namedFeaturesAndTheConfigurationBesideTheWarReachTheDriver() throws IOException {
        Files.writeString(folder.resolve("hello.server.xml"), "<server/>");
        AgentConfig hello = hello();
        start(new AgentConfig(hello.name(), hello.location(), GIB, 1, Optional.empty(), Sharing.VERSION, AgentPaths.STANDARD, false, List.of("mail-2.1")));
        awaitStatus("hello", Status.READY);
        assertThat(driver.prepared()).singleElement().satisfies(spec -> {
            assertThat(spec.additions().features()).containsExactly("mail-2.1");
            assertThat(spec.additions().configuration()).contains("<server/>");
        });
        Files.writeString(folder.resolve("hello.server.xml"), "<server description=\"changed\"/>");
        ticking(() -> assertThat(driver.prepared()).hasSize(2));
        assertThat(driver.prepared().get(1).additions().configuration().orElseThrow()).contains("changed");
        configure(hello);
        ticking(() -> assertThat(driver.prepared()).hasSize(3));
        assertThat(driver.prepared().get(2).additions().features()).isEmpty();
    }

    @Test
    void pathsOfTheWarReachTheDriverAndWhoeverHoldsTheVersion() throws IOException {
        AgentConfig hello = hello();
        AgentPaths paths = new AgentPaths("/", "/api/orders");
        start(new AgentConfig(hello.name(), hello.location(), GIB, 1, Optional.empty(), Sharing.VERSION, paths, true, List.of()));
        awaitStatus("hello", Status.READY);
        AgentLease old = lease("hello");
        assertThat(old.passesToken()).isTrue();
        configure(hello);
        ticking(() -> assertThat(driver.prepared()).extracting(AgentSpec::paths).containsExactly(paths, AgentPaths.STANDARD));
        ticking(() -> {
            try (AgentLease lease = lease("hello")) {
                assertThat(lease.paths()).isEqualTo(AgentPaths.STANDARD);
            }
        });
        assertThat(old.paths()).as("a session stays on its version").isEqualTo(paths);
        assertThat(old.passesToken()).as("which tokens it sees is as configured now").isFalse();
        old.close();
    }

    @Test
    void aBrokenNewWarLeavesTheOldOneServing() throws IOException {
        startReady();
        String first = view("hello").digest().orElseThrow();
        driver.failures().next(FakeDriver.Step.PREPARE, new AgentStartException("It is broken now.", List.of()));
        war("hello.war", "second, longer");
        ticking(() -> assertThat(view("hello").statusReason()).contains("It is broken now.").contains(first));
        assertThat(view("hello").status()).isEqualTo(Status.READY);
        assertThat(lease("hello").digest()).isEqualTo(first);
    }

    @Test
    void aWarThatChangesWhileAnotherIsPreparedIsPreparedAfterwards() throws IOException {
        driver.failures().hold(FakeDriver.Step.PREPARE);
        start(hello());
        ticking(() -> assertThat(view("hello").statusReason()).contains("Deploying"));
        war("hello.war", "second, longer");
        agents.tick();
        driver.failures().release(FakeDriver.Step.PREPARE);
        ticking(() -> assertThat(driver.prepared()).hasSize(2));
        ticking(() -> assertThat(view("hello").digest().orElseThrow())
                .isEqualTo(driver.prepared().get(1).artifact().digest().substring(0, 12)));
    }

    @Test
    void aTouchedWarIsNotPreparedAgain() throws IOException {
        startReady();
        Files.setLastModifiedTime(folder.resolve("hello.war"), FileTime.fromMillis(1));
        configure(hello(), agent("other", war("other.war", "checked later")));
        awaitStatus("other", Status.READY);
        awaitStatus("hello", Status.READY);
        assertThat(driver.prepared()).extracting(AgentSpec::runtime).containsExactly("hello", "other");
        ticking(() -> assertThat(Files.list(folder.resolve("copies"))).hasSize(2));
    }

    @Test
    void moreMemoryMakesANewVersion() {
        startReady();
        configure(agent("hello", folder.resolve("hello.war"), 2 * GIB, Sharing.VERSION));
        ticking(() -> assertThat(driver.prepared()).extracting(AgentSpec::memoryBytes).containsExactly(GIB, 2 * GIB));
        ticking(() -> assertThat(driver.closedTemplates()).hasSize(1));
    }

    @Test
    void anAgentThatIsRemovedIsUnknownAndItsVmsGoOn() {
        startReady();
        AgentLease lease = lease("hello");
        FakeVm vm = begin(lease, "s");
        configure();
        assertThat(agents.views(any -> 0)).isEmpty();
        assertThat(refused("hello").kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(vm.isDestroyed()).isFalse();
        assertThat(driver.closedTemplates()).isEmpty();
        lease.close();
        await().untilAsserted(() -> assertThat(driver.closedTemplates()).hasSize(1));
    }

    @Test
    void whoWaitsForAnAgentThatIsRemovedIsToldSo() {
        driver.failures().hold(FakeDriver.Step.PREPARE);
        start(hello());
        CompletionStage<AgentLease> waiting = agents.lease("hello", "");
        ticking(() -> assertThat(view("hello").statusReason()).contains("Deploying"));
        configure();
        assertThat(Assertions.catchThrowableOfType(RequestException.class, () -> get(waiting)).kind())
                .isEqualTo(Kind.NOT_FOUND);
        driver.failures().release(FakeDriver.Step.PREPARE);
        await().untilAsserted(() -> assertThat(driver.closedTemplates()).hasSize(1));
    }

    @Test
    void theWarIsCopiedBeforeItIsUsedAndCopiesOfAnEarlierRunGo() throws IOException {
        Files.createDirectories(folder.resolve("copies"));
        war("copies/hello-1.war", "left");
        startReady();
        assertThat(driver.prepared().get(0).artifact().file()).startsWith(folder.resolve("copies")).exists();
        assertThat(folder.resolve("copies/hello-1.war")).doesNotExist();
    }

    @Test
    void aTenantsSessionGetsNoVmThatWaited() {
        pool = new PoolBounds(1, 1);
        startReady();
        ticking(() -> assertThat(view("hello").pooled()).isEqualTo(1));
        configure(agent("hello", folder.resolve("hello.war"), GIB, Sharing.TENANT));
        assertThat(begin(lease("hello"), "s").tenant()).hasValue(TENANT);
    }
}
