package dev.agentruntime.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.AgentRuntimeView.Status;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.AgentStartException;
import dev.agentruntime.spi.TemplateLostException;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LostTemplateTest extends AgentsTestBase {

    @Test
    void aTemplateThatIsLostIsPreparedAnewAndWhoeverAsksMeanwhileWaits() {
        startReady();
        driver.failures().hold(FakeDriver.Step.PREPARE);
        lose(lease("hello"));
        assertThat(view("hello").status()).isEqualTo(Status.CREATING);
        CompletionStage<AgentLease> waiting = agents.lease("hello", "");
        assertThat(waiting.toCompletableFuture()).isNotDone();
        driver.failures().release(FakeDriver.Step.PREPARE);
        assertThat(begin(get(waiting), "s").session()).hasValue("s");
        assertThat(driver.prepared()).hasSize(2).extracting(AgentSpec::artifact).containsOnly(driver.prepared().get(0).artifact());
        await().untilAsserted(() -> assertThat(driver.closedTemplates()).hasSize(1));
    }

    @Test
    void theStatusSaysThatTheTemplateWasLost() {
        startReady();
        driver.failures().hold(FakeDriver.Step.PREPARE);
        lose(lease("hello"));
        ticking(() -> assertThat(view("hello").statusReason()).contains("The template was lost").contains("Deploying"));
        driver.failures().next(FakeDriver.Step.PREPARE, new VmException("the disk is full"));
        driver.failures().release(FakeDriver.Step.PREPARE);
        awaitStatus("hello", Status.CREATE_FAILED);
        assertThat(view("hello").statusReason()).contains("the disk is full");
    }

    @Test
    void manyStartsThatFindTheTemplateLostPrepareItOnce() {
        startReady();
        List<AgentLease> leases = IntStream.range(0, 8).mapToObj(any -> lease("hello")).toList();
        driver.failures().hold(FakeDriver.Step.PREPARE);
        IntStream.range(0, 8).forEach(any -> driver.failures().next(
                FakeDriver.Step.START, new TemplateLostException("ram is gone")));
        leases.forEach(lease -> assertThatThrownBy(() -> lease.start(TENANT)).isInstanceOf(TemplateLostException.class));
        driver.failures().release(FakeDriver.Step.PREPARE);
        awaitStatus("hello", Status.READY);
        assertThat(driver.prepared()).hasSize(2);
    }

    @Test
    void aLeaseOfALostTemplateStartsNothingEvenWhenTheNewOneServes() {
        startReady();
        AgentLease old = lease("hello");
        lose(old);
        awaitStatus("hello", Status.READY);
        assertThatThrownBy(() -> old.start(TENANT)).isInstanceOf(TemplateLostException.class).hasMessageContaining("another lease");
        assertThat(begin(lease("hello"), "s").session()).hasValue("s");
    }

    @Test
    void sessionsThatRunGoOn() {
        startReady();
        AgentLease lease = lease("hello");
        FakeVm running = begin(lease, "s");
        lose(lease("hello"));
        awaitStatus("hello", Status.READY);
        assertThat(running.isDestroyed()).isFalse();
        lease.close();
        assertThat(running.isDestroyed()).isFalse();
    }

    @Test
    void aPoolThatFindsTheTemplateLostHasItPreparedAnewToo() {
        pool = new PoolBounds(1, 1);
        driver.failures().next(FakeDriver.Step.AHEAD, new TemplateLostException("ram is gone"));
        start(hello());
        ticking(() -> {
            assertThat(driver.prepared()).hasSize(2);
            assertThat(view("hello").pooled()).isEqualTo(1);
        });
    }

    @Test
    void aRenewalThatFailsIsTriedAgainAndRefusesMeanwhileAsThePlatformsFault() {
        startReady();
        driver.failures().next(FakeDriver.Step.PREPARE, new VmException("cp: no space left"));
        lose(lease("hello"));
        awaitStatus("hello", Status.CREATE_FAILED);
        assertThat(refused("hello").kind()).isEqualTo(Kind.PLATFORM);
        clock.advance(Duration.ofSeconds(10));
        awaitStatus("hello", Status.READY);
    }

    @Test
    void aLostTemplateIsPreparedAnewAlsoWhenItsWarIsNotThereAnyMore() throws IOException {
        startReady();
        Files.delete(folder.resolve("hello.war"));
        ticking(() -> assertThat(view("hello").statusReason()).contains("There is no WAR"));
        driver.failures().next(FakeDriver.Step.PREPARE, new VmException("libvirtd is away"));
        lose(lease("hello"));
        ticking(() -> assertThat(view("hello").status()).isEqualTo(Status.CREATE_FAILED));
        clock.advance(Duration.ofSeconds(10));
        awaitStatus("hello", Status.READY);
    }

    @Test
    void aLossWhileANewerWarIsPreparedLeavesTheNewerOneToServe() throws IOException {
        startReady();
        AgentLease old = lease("hello");
        driver.failures().hold(FakeDriver.Step.PREPARE);
        war("hello.war", "second, longer");
        ticking(() -> assertThat(view("hello").statusReason()).contains("Deploying"));
        lose(old);
        CompletionStage<AgentLease> waiting = agents.lease("hello", "");
        driver.failures().release(FakeDriver.Step.PREPARE);
        assertThat(get(waiting).digest()).isNotEqualTo(old.digest());
        for (int ticks = 0; ticks < 5; ticks++) {
            clock.advance(Duration.ofMinutes(1));
            agents.tick();
        }
        assertThat(driver.prepared()).hasSize(2);
    }

    @Test
    void aLossWhileANewerWarFailsToStartBringsTheOldOneBack() throws IOException {
        startReady();
        AgentLease old = lease("hello");
        driver.failures().hold(FakeDriver.Step.PREPARE);
        driver.failures().next(FakeDriver.Step.PREPARE, new AgentStartException("broken", List.of()));
        war("hello.war", "second, longer");
        ticking(() -> assertThat(view("hello").statusReason()).contains("Deploying"));
        lose(old);
        driver.failures().release(FakeDriver.Step.PREPARE);
        awaitStatus("hello", Status.READY);
        assertThat(lease("hello").digest()).isEqualTo(old.digest());
    }

    @Test
    void anAgentThatBootsGoesOnTryingToCloneAndServesMeanwhile() {
        driver.templateMode(StartMode.BOOT);
        startReady();
        assertThat(view("hello").startMode()).hasValue(StartMode.BOOT);
        assertThat(view("hello").statusReason()).contains("Cloning is tried again");
        AgentLease booted = lease("hello");
        clock.advance(Duration.ofMinutes(1));
        ticking(() -> assertThat(driver.prepared()).hasSize(2));
        ticking(() -> assertThat(driver.closedTemplates()).hasSize(1));
        assertThat(view("hello").status()).isEqualTo(Status.READY);
        driver.templateMode(StartMode.CLONE);
        clock.advance(Duration.ofMinutes(2));
        ticking(() -> assertThat(view("hello").startMode()).hasValue(StartMode.CLONE));
        assertThat(view("hello").statusReason()).isEmpty();
        assertThat(begin(booted, "s").startMode()).isEqualTo(StartMode.BOOT);
        booted.close();
        await().untilAsserted(() -> assertThat(driver.closedTemplates()).hasSize(2));
    }

    @Test
    void aVersionThatIsMadeInVainDoesNotHideThePoolOfTheOneThatServes() {
        driver.templateMode(StartMode.BOOT);
        pool = new PoolBounds(2, 2);
        startReady();
        ticking(() -> assertThat(events.pooled).containsEntry("hello", 2));
        clock.advance(Duration.ofMinutes(1));
        ticking(() -> assertThat(driver.closedTemplates()).hasSize(1));
        assertThat(view("hello").pooled()).isEqualTo(2);
        assertThat(events.pooled).containsEntry("hello", 2);
    }

    @Test
    void anAgentThatBootsGoesOnServingWhenTryingToCloneFails() {
        driver.templateMode(StartMode.BOOT);
        startReady();
        driver.failures().next(FakeDriver.Step.PREPARE, new VmException("libvirtd is away"));
        driver.failures().next(FakeDriver.Step.PREPARE, new AgentStartException("flaky", List.of()));
        for (int tries = 0; tries < 2; tries++) {
            clock.advance(Duration.ofHours(1));
            int failures = events.failures.size();
            ticking(() -> assertThat(events.failures).hasSizeGreaterThan(failures));
            assertThat(view("hello").status()).isEqualTo(Status.READY);
            assertThat(lease("hello")).isNotNull();
        }
        driver.templateMode(StartMode.CLONE);
        clock.advance(Duration.ofHours(1));
        ticking(() -> assertThat(view("hello").startMode()).hasValue(StartMode.CLONE));
    }

    @Test
    void theCopyOfTheWarStaysAsLongAsItMayBePreparedAgainAndGoesWithItsLastUser() {
        driver.templateMode(StartMode.BOOT);
        startReady();
        AgentSpec spec = driver.prepared().get(0);
        driver.templateMode(StartMode.CLONE);
        clock.advance(Duration.ofMinutes(1));
        ticking(() -> assertThat(view("hello").startMode()).hasValue(StartMode.CLONE));
        assertThat(spec.artifact().file()).exists();
        configure();
        await().untilAsserted(() -> assertThat(spec.artifact().file()).doesNotExist());
    }

    private void lose(AgentLease lease) {
        driver.failures().next(FakeDriver.Step.START, new TemplateLostException("ram is gone"));
        assertThatThrownBy(() -> lease.start(TENANT)).isInstanceOf(TemplateLostException.class);
    }
}
