package dev.agentruntime.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.agents.AgentConfig;
import dev.agentruntime.agents.Sharing;
import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.spi.AgentStartException;
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
import org.junit.jupiter.api.Test;

final class RegistryTest extends PlatformTestBase {

    @Test
    void aConfiguredAgentBecomesReady() {
        startReady();
        AgentRuntimeView view = platform.runtime("hello");
        assertThat(view.digest()).hasValueSatisfying(digest -> assertThat(digest).hasSize(12));
        assertThat(view.startMode()).hasValue(StartMode.CLONE);
        assertThat(view.statusReason()).isEmpty();
        assertThat(platform.status().started()).isTrue();
    }

    @Test
    void aSessionWaitsForAnAgentThatIsBeingMadeReady() {
        driver.failures().hold(FakeDriver.Step.PREPARE);
        start(config(hello()));
        CompletionStage<Invocation> asking = asking(ID, ALICE);
        await().untilAsserted(() -> {
            platform.tick();
            assertThat(platform.runtime("hello").statusReason()).contains("Deploying");
        });
        assertThat(platform.status().started()).isFalse();
        assertThat(asking.toCompletableFuture()).isNotDone();
        driver.failures().release(FakeDriver.Step.PREPARE);
        assertThat(get(asking).sessionId()).isEqualTo(ID);
    }

    @Test
    void aBrokenWarSaysWhyAndTheOthersRunOn() throws IOException {
        war("broken.war", "broken");
        driver.failures().next(FakeDriver.Step.PREPARE,
                new AgentStartException("No class has @AgentEntrypoint.", List.of("CWWKZ0002E: it failed")));
        start(config(agent("broken", folder.resolve("broken.war"))));
        awaitStatus("broken", AgentRuntimeView.Status.CREATE_FAILED);
        assertThat(platform.runtime("broken").statusReason()).contains("No class has @AgentEntrypoint.");
        assertThat(platform.runtime("broken").log()).containsExactly("CWWKZ0002E: it failed");
        RequestException refusal =
                refused(platform.invoke(new InvocationRequest("broken", Optional.of(ID), ALICE)));
        assertThat(refusal.kind()).isEqualTo(Kind.AGENT);
        assertThat(refusal).hasMessageContaining("No class has @AgentEntrypoint.");
        assertThat(refusal.log()).containsExactly("CWWKZ0002E: it failed");
        platform.update(config(agent("broken", folder.resolve("broken.war")), hello()));
        await().until(() -> platform.runtimes().size() == 2);
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        assertThat(platform.status().started()).isTrue();
    }

    @Test
    void aRepairedWarIsPickedUpByItself() throws IOException {
        driver.failures().next(FakeDriver.Step.PREPARE, new AgentStartException("broken", List.of()));
        start(config(hello()));
        awaitStatus("hello", AgentRuntimeView.Status.CREATE_FAILED);
        war("hello.war", "version 2, repaired");
        awaitStatus("hello", AgentRuntimeView.Status.READY);
    }

    @Test
    void aFileThatIsNoWarSaysSo() throws IOException {
        Files.writeString(folder.resolve("hello.war"), "half a file");
        start(config(hello()));
        awaitStatus("hello", AgentRuntimeView.Status.CREATE_FAILED);
        assertThat(platform.runtime("hello").statusReason()).contains("Put a complete WAR there");
    }

    @Test
    void aMissingWarSaysWhereItIsLookedFor() {
        start(config(agent("absent", folder.resolve("absent.war"))));
        awaitStatus("absent", AgentRuntimeView.Status.CREATE_FAILED);
        assertThat(platform.runtime("absent").statusReason()).contains(folder.resolve("absent.war").toString());
    }

    @Test
    void whatThePlatformFailedIsTriedAgain() {
        driver.failures().next(FakeDriver.Step.PREPARE, new VmException("The hypervisor is away."));
        start(config(hello()));
        awaitStatus("hello", AgentRuntimeView.Status.CREATE_FAILED);
        assertThat(refused(asking(ID, ALICE)).kind()).isEqualTo(Kind.PLATFORM);
        clock.advance(Duration.ofSeconds(11));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
    }

    @Test
    void newSessionsTakeTheNewVersionAndLiveOnesStay() throws IOException {
        startReady();
        FakeVm old = served(ID, ALICE);
        String first = platform.runtime("hello").digest().orElseThrow();
        war("hello.war", "version 2, longer");
        await().untilAsserted(() -> {
            platform.tick();
            assertThat(platform.runtime("hello").digest()).isNotEqualTo(Optional.of(first));
        });
        assertThat(served(ID, ALICE)).isSameAs(old);
        assertThat(platform.session("hello", ID, ALICE).digest()).isEqualTo(first);
        served(ID + "-2", ALICE);
        assertThat(platform.session("hello", ID + "-2", ALICE).digest())
                .isEqualTo(platform.runtime("hello").digest().orElseThrow());
        assertThat(driver.closedTemplates()).hasSize(1);
    }

    @Test
    void aBrokenNewVersionLeavesTheOldOneServing() throws IOException {
        startReady();
        String first = platform.runtime("hello").digest().orElseThrow();
        driver.failures().next(FakeDriver.Step.PREPARE, new AgentStartException("It is broken now.", List.of()));
        war("hello.war", "version 2, longer");
        await().untilAsserted(() -> {
            platform.tick();
            assertThat(platform.runtime("hello").statusReason()).contains("It is broken now.").contains(first);
        });
        assertThat(platform.runtime("hello").status()).isEqualTo(AgentRuntimeView.Status.READY);
        assertThat(platform.runtime("hello").digest()).hasValue(first);
        served(ID, ALICE);
    }

    @Test
    void aTouchedWarIsNotMadeReadyAgain() throws IOException {
        startReady();
        Files.setLastModifiedTime(folder.resolve("hello.war"), FileTime.fromMillis(1));
        war("other.war", "looked at later");
        platform.update(config(hello(), agent("other", folder.resolve("other.war"))));
        await().until(() -> platform.runtimes().size() == 2);
        awaitStatus("other", AgentRuntimeView.Status.READY);
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        assertThat(driver.prepared()).extracting(spec -> spec.runtime()).containsExactly("hello", "other");
    }

    @Test
    void anAgentThatIsAddedLaterLeavesTheServerStarted() throws IOException {
        startReady();
        assertThat(platform.status().started()).isTrue();
        driver.failures().hold(FakeDriver.Step.PREPARE);
        platform.update(config(hello(), agent("other", war("other.war", "other"))));
        awaitStatus("other", AgentRuntimeView.Status.CREATING);
        assertThat(platform.status().started()).isTrue();
    }

    @Test
    void moreMemoryMakesANewVersion() {
        startReady();
        platform.update(config(new AgentConfig(
                "hello", folder.resolve("hello.war"), 2L << 30, 1, Optional.empty(), Sharing.VERSION)));
        await().untilAsserted(() -> {
            platform.tick();
            assertThat(driver.prepared()).extracting(spec -> spec.memoryBytes()).containsExactly(1L << 30, 2L << 30);
        });
    }

    @Test
    void aDroppedInWarIsAnAgentUntilItIsTakenAway() throws IOException {
        start(config());
        war("dropins/my-agent.war", "dropped");
        war("dropins/not.a.name.war", "dropped");
        await().untilAsserted(() -> {
            platform.tick();
            assertThat(platform.runtimes()).extracting(AgentRuntimeView::name).containsExactly("my-agent");
            assertThat(platform.runtime("my-agent").status()).isEqualTo(AgentRuntimeView.Status.READY);
        });
        Files.delete(folder.resolve("dropins/my-agent.war"));
        await().untilAsserted(() -> {
            platform.tick();
            assertThat(platform.runtimes()).isEmpty();
        });
    }

    @Test
    void sessionsOfARemovedAgentGoOn() {
        startReady();
        FakeVm vm = served(ID, ALICE);
        platform.update(config());
        await().until(() -> platform.runtimes().isEmpty());
        assertThat(served(ID, ALICE)).isSameAs(vm);
        assertThat(platform.sessions("hello", ALICE)).hasSize(1);
        assertThat(refused(asking(ID + "-2", ALICE)).kind()).isEqualTo(Kind.NOT_FOUND);
    }

    @Test
    void theWarIsCopiedBeforeItIsUsed() {
        startReady();
        assertThat(driver.prepared().get(0).artifact().file()).startsWith(folder.resolve("copies")).exists();
    }
}
