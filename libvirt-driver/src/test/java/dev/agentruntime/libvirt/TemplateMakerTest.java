package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.channel.ControlMessage;
import dev.agentruntime.spi.AgentPaths;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.AgentStartException;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateMakerTest {

    @TempDir
    Path folder;

    private FakeHost host;
    private Template draft;
    private final List<String> progress = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        host = new FakeHost(folder);
        draft = new Template("d".repeat(64), Files.createDirectory(folder.resolve("draft")));
    }

    @AfterEach
    void close() {
        host.close();
    }

    private void assertNothingIsLeft() throws IOException {
        assertThat(host.libvirt.domains()).isEmpty();
        assertThat(host.fleet.size()).isZero();
        assertThat(host.files()).isEmpty();
        assertThat(host.directories.staleScratch()).isEmpty();
    }

    @Test
    void theBaseIsBootedRehearsedBroughtToRestAndWrittenDown() throws IOException {
        assertThat(host.maker.base(host.plan, draft, progress::add).cpuNanos()).isNotNegative();
        assertThat(draft.state()).hasContent(FakeDomain.STATE);
        assertThat(Files.size(draft.ram())).isEqualTo(TestMachine.MEMORY);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(draft.ram()))).isEqualTo("rw-------");
        assertThat(progress).containsExactly("building the base template: booting the guest image (TCG)",
                "building the base template: the guest's server has started; rehearsing");
        assertNothingIsLeft();
    }

    @Test
    void anAgentsTemplateIsTheBasesWithTheAgentDeployed() throws IOException {
        try (TemplateStore.Pin base = host.template()) {
            host.maker.agent(host.plan, base.template(), host.agentWar(), draft, progress::add);
        }
        assertThat(draft.state()).hasContent(FakeDomain.STATE);
        assertThat(progress).containsExactly("deploying agent.war", "the agent answers its ping; warming it up");
        assertNothingIsLeft();
    }

    private AgentWar wantingWarmUp() {
        AgentSpec plain = host.agentWar().spec();
        return AgentWar.of(new AgentSpec(plain.runtime(), plain.artifact(), plain.memoryBytes(), plain.vcpus(),
                new AgentPaths("/ping", "/invocations", Optional.of("/warm")), plain.additions()), host.plan.image());
    }

    @Test
    void anAgentThatWantsThatIsAskedToWarmItselfUpBeforeItsTemplateIsWrittenDown() throws IOException {
        try (TemplateStore.Pin base = host.template()) {
            host.maker.agent(host.plan, base.template(), wantingWarmUp(), draft, progress::add);
        }
        assertThat(draft.state()).hasContent(FakeDomain.STATE);
        assertThat(progress).containsExactly("deploying agent.war", "asking the agent to warm itself up at /warm",
                "the agent answers its ping; warming it up");
        assertNothingIsLeft();
    }

    @Test
    void anAgentThatDoesNotWarmItselfUpHasNoTemplate() throws IOException {
        host.libvirt.guests().agent(FakeGuest.Behaviour.answer(500));
        try (TemplateStore.Pin base = host.template()) {
            assertThatThrownBy(() -> host.maker.agent(host.plan, base.template(), wantingWarmUp(), draft, progress::add))
                    .isInstanceOfSatisfying(AgentStartException.class, refused -> assertThat(refused.log()).containsExactly("first line", "last line"))
                    .hasMessageContainingAll("/warm", "status 500", "2xx within 120 s");
        }
        assertThat(draft.state()).doesNotExist();
        assertNothingIsLeft();
    }

    @Test
    void memoryThatIsBeingFilledIsNotTakenForAnEarlierRuns() throws Exception {
        Template base = new Template("b".repeat(64), Files.createDirectory(folder.resolve("base")));
        Files.writeString(base.state(), FakeDomain.STATE);
        assertThat(new ProcessBuilder("mkfifo", base.ram().toString()).start().waitFor()).isZero();
        CompletableFuture<Void> made = CompletableFuture.runAsync(() -> host.maker.agent(host.plan, base, host.agentWar(), draft, progress::add));
        try (OutputStream ram = Files.newOutputStream(base.ram())) {
            ram.write(new byte[4096]);
            await().until(() -> !scratch().isEmpty());
            new Leftovers(host.machines, host.store, host.fleet).remove(java.util.Set.of());
            assertThat(scratch()).isNotEmpty();
        }
        assertThat(made).succeedsWithin(Duration.ofSeconds(10));
        assertNothingIsLeft();
        assertThat(scratch()).isEmpty();
    }

    private List<Path> scratch() throws IOException {
        try (var files = Files.list(host.directories.run())) {
            return Stream.concat(host.directories.staleScratch().stream(), files.filter(file -> file.toString().endsWith(".ram"))).toList();
        }
    }

    @Test
    void aServerThatDoesNotStartInTheGuestIsNoReasonToBoot() throws IOException {
        host.libvirt.guests().reply("await", ControlMessage.error("it ran out of memory"), "the last line");
        assertThatThrownBy(() -> host.maker.base(host.plan, draft, progress::add)).isExactlyInstanceOf(VmException.class)
                .hasMessageContainingAll("did not start its server", "it ran out of memory", "the last line");
        assertNothingIsLeft();
    }

    @Test
    void aWarThatDoesNotStartIsTheAgentsFault() throws IOException {
        host.libvirt.guests().reply("deploy", ControlMessage.error("no"), "");
        try (TemplateStore.Pin base = host.template()) {
            assertThatThrownBy(() -> host.maker.agent(host.plan, base.template(), host.agentWar(), draft, progress::add))
                    .isInstanceOf(AgentStartException.class);
        }
        assertNothingIsLeft();
    }

    @Test
    void aQemuThatRefusesItsMemoryInAFileTwiceCannotClone() throws IOException {
        host.libvirt.refuse("create");
        host.libvirt.refuse("create");
        assertThatThrownBy(() -> host.maker.base(host.plan, draft, progress::add)).isInstanceOf(CannotCloneException.class)
                .hasMessageContaining("create was refused");
        assertNothingIsLeft();
    }

    @Test
    void aQemuThatRefusesItOnceIsAskedAgain() throws IOException {
        host.libvirt.refuse("create");
        host.maker.base(host.plan, draft, progress::add);
        assertThat(draft.state()).exists();
        assertNothingIsLeft();
    }

    @Test
    void aStateThatCannotBeSavedMeansThatThisHostCannotClone() throws IOException {
        Template nowhere = new Template("e".repeat(64), folder.resolve("none"));
        assertThatThrownBy(() -> host.maker.base(host.plan, nowhere, progress::add)).isInstanceOf(CannotCloneException.class)
                .hasMessageContaining("its state could not be saved");
        assertNothingIsLeft();
    }

    @Test
    void aBaseThatIsGoneIsNamed() throws IOException {
        Template gone = new Template("e".repeat(64), folder.resolve("gone"));
        assertThatThrownBy(() -> host.maker.agent(host.plan, gone, host.agentWar(), draft, progress::add)).isInstanceOf(VmException.class)
                .hasMessageContaining(gone.ram().toString());
        assertNothingIsLeft();
    }

    @Test
    void aLibvirtdThatGoesAwayIsNoReasonToBoot() {
        host.libvirt.kill();
        assertThatThrownBy(() -> host.maker.base(host.plan, draft, progress::add)).isInstanceOf(HypervisorAwayException.class);
    }

    @Test
    void aTemplateIsMadeThoughItsVmCannotBeEndedAtOnce() {
        host.libvirt.refuse("destroy");
        host.maker.base(host.plan, draft, progress::add);
        assertThat(draft.state()).exists();
        await().untilAsserted(() -> {
            host.fleet.sweep();
            assertNothingIsLeft();
        });
    }

    @Test
    void aCopyHoldsTheSameAndIsGivenToQemu() throws IOException {
        try (TemplateStore.Pin original = host.template()) {
            TemplateMaker.copy(original.template(), host.plan, draft);
            assertThat(draft.ram()).hasSameBinaryContentAs(original.template().ram());
            assertThat(draft.state()).hasSameBinaryContentAs(original.template().state());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(draft.ram()))).isEqualTo("rw-------");
        }
    }
}
