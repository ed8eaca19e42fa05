package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Tenant;
import dev.agentruntime.channel.ControlMessage;
import dev.agentruntime.spi.AgentStartException;
import dev.agentruntime.spi.AgentTemplate;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.SessionStart;
import dev.agentruntime.spi.TemplateLostException;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentPreparerTest {

    private static final Tenant RED = new Tenant("https://idp", Tenant.Kind.NAMED, "red");

    @TempDir
    Path folder;

    private FakeHost host;
    private final List<String> progress = new ArrayList<>();

    @BeforeEach
    void open() {
        host = new FakeHost(folder);
    }

    @AfterEach
    void close() {
        host.close();
    }

    private AgentTemplate prepare() {
        return new AgentPreparer(host.starts, host.maker, host.store, host.plan, host.agentWar(), progress::add).run();
    }

    private String agentKey() {
        return TemplateKeys.agent(baseKey(), host.agentWar());
    }

    private String baseKey() {
        return TemplateKeys.base(host.plan.host(), host.plan.image(), host.plan.memoryBytes(), host.plan.vcpus());
    }

    private Path ram(String key) {
        return host.directories.templates().resolve(key).resolve("ram");
    }

    private void assertNoVmIsLeft() {
        assertThat(host.libvirt.domains()).isEmpty();
        assertThat(host.fleet.size()).isZero();
        assertThat(host.files()).isEmpty();
    }

    @Test
    void anAgentIsMadeFromTheBaseTriedAndCloned() {
        try (AgentTemplate template = prepare()) {
            assertThat(template.startMode()).isEqualTo(StartMode.CLONE);
            assertThat(progress).anyMatch(step -> step.contains("rehearsing")).anyMatch(step -> step.contains("deploying agent.war"))
                    .last().isEqualTo("trying a clone");
            assertThat(ram(baseKey())).exists();
            assertThat(ram(agentKey())).exists();
            assertNoVmIsLeft();
            Vm vm = template.start();
            vm.begin(SessionStart.of("session"));
            vm.destroy();
        }
    }

    @Test
    void itSaysThatItIsTheBaseTemplateThatIsWaitedForAndBuilt() {
        prepare().close();
        assertThat(progress).first().asString().contains("waiting for the base template");
        assertThat(progress.subList(1, 3)).allSatisfy(step -> assertThat(step).contains("building the base template"));
        assertThat(progress).filteredOn(step -> step.contains("base template")).hasSize(3);
    }

    @Test
    void aSecondTimeItComesFromTheCache() {
        prepare().close();
        progress.clear();
        prepare().close();
        assertThat(progress).containsExactly("trying a clone");
    }

    @Test
    void aWarThatDoesNotStartIsTheAgentsFaultAndLeavesNoTemplate() {
        host.libvirt.guests().reply("deploy", ControlMessage.error("it throws"), "at Agent.java:7");
        host.store.obtain(baseKey(), draft -> copyOfAnyTemplate(draft)).close();
        assertThatThrownBy(this::prepare).isInstanceOf(AgentStartException.class).hasMessage("it throws");
        assertThat(ram(agentKey())).doesNotExist();
        assertNoVmIsLeft();
    }

    private void copyOfAnyTemplate(Template draft) {
        try (TemplateStore.Pin any = host.template()) {
            TemplateMaker.copy(any.template(), host.plan, draft);
        }
    }

    @Test
    void aTrialVmThatCannotBeEndedAtOnceIsEndedLaterAndBlamesNeitherRungNorTemplate() throws IOException {
        List<Path> stuck = new ArrayList<>();
        Handler onStart = new Handler() {
            @Override
            public void publish(LogRecord record) {
                if (record.getMessage().startsWith("AGRT1013I: VM ") && stuck.isEmpty()) {
                    stuck.add(host.directories.run().resolve(record.getMessage().split(" ")[2] + ".stuck"));
                    make(stuck.get(0).resolve("full"));
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.agentruntime.libvirt");
        logger.addHandler(onStart);
        try (AgentTemplate template = prepare()) {
            Vm vm = template.makeAhead();
            assertThat(vm.startMode()).isEqualTo(StartMode.PRIMED);
            vm.destroy();
        } finally {
            logger.removeHandler(onStart);
        }
        assertThat(host.fleet.size()).isEqualTo(1);
        Files.delete(stuck.get(0).resolve("full"));
        await().untilAsserted(() -> {
            host.fleet.sweep();
            assertNoVmIsLeft();
        });
    }

    private static void make(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aLibvirtdThatGoesAwayMeanwhileIsToldAndNothingIsBooted() {
        host.libvirt.loseAnswer("create");
        assertThatThrownBy(this::prepare).isInstanceOf(HypervisorAwayException.class);
        host.libvirt.kill();
        assertThatThrownBy(this::prepare).isInstanceOf(HypervisorAwayException.class);
        assertThat(progress).noneMatch(step -> step.contains("boot instead"));
        host.libvirt.goOn();
        try (AgentTemplate template = prepare()) {
            assertThat(template.startMode()).isEqualTo(StartMode.CLONE);
        }
    }

    @Test
    void aHostWithoutRoomIsToldAndNothingIsBooted() throws IOException {
        Path meminfo = Files.writeString(folder.resolve("meminfo"), "MemAvailable: 10 kB\n");
        Fleet full = new Fleet(new HostMemory(meminfo, new MemoryLimit(new ControlGroups(List.of())), 1), host.executor);
        Creator creator = new Creator(host.machines, full);
        Starts starts = new Starts(creator, full, host.links, host.snapshots, host.executor);
        TemplateMaker maker = new TemplateMaker(creator, full, host.links, host.executor);
        assertThatThrownBy(() -> new AgentPreparer(starts, maker, host.store, host.plan, host.agentWar(), progress::add).run())
                .isInstanceOf(NoRoomException.class);
        assertThat(host.libvirt.calls()).noneMatch(call -> call.startsWith("create"));
    }

    @Test
    void whereTemplatesCannotBeKeptAgentsAreBootedAndItIsSaidWhy() throws IOException {
        Files.delete(host.directories.templates());
        Files.createFile(host.directories.templates());
        try (AgentTemplate template = prepare()) {
            assertThat(template.startMode()).isEqualTo(StartMode.BOOT);
            assertThat(progress).last().asString().contains("with room in it");
        }
    }

    @Test
    void aVmThatDiesWhileATemplateIsMadeIsNoReasonToBoot() {
        host.libvirt.guests().reply("quiesce", ControlMessage.error("the guest is about to die"), "");
        assertThatThrownBy(this::prepare).isExactlyInstanceOf(VmException.class).hasMessageContaining("did not come to rest");
        assertThat(progress).noneMatch(step -> step.contains("boot instead"));
        assertNoVmIsLeft();
        host.libvirt.guests().confirm("quiesce");
        prepare().close();
    }

    @Test
    void whereQemuCannotHaveItsMemoryInAFileAgentsAreBooted() {
        host.libvirt.refuse("create");
        host.libvirt.refuse("create");
        try (AgentTemplate template = prepare()) {
            assertThat(template.startMode()).isEqualTo(StartMode.BOOT);
            assertThat(progress).last().asString().contains("cloning does not work on this host", "memory is a file", "create was refused");
            Vm vm = template.start(RED);
            assertThat(vm.startMode()).isEqualTo(StartMode.BOOT);
            vm.destroy();
            template.makeAhead().destroy();
        }
    }

    @Test
    void aQemuThatFailsOnceIsNoReasonToBoot() {
        host.libvirt.refuse("create");
        try (AgentTemplate template = prepare()) {
            assertThat(template.startMode()).isEqualTo(StartMode.CLONE);
        }
    }

    @Test
    void whereAFreshTemplateDoesNotServeAgentsAreBooted() {
        host.libvirt.guests().reply("ping", ControlMessage.of("ok").with("status", "500"), "");
        try (AgentTemplate template = prepare()) {
            assertThat(template.startMode()).isEqualTo(StartMode.BOOT);
            assertThat(progress).last().asString().contains("answered its ping with status 500");
            assertThat(ram(agentKey())).as("a template that does not work").doesNotExist();
        }
    }

    @Test
    void aCachedTemplateThatDoesNotServeIsBuiltOnceMore() throws IOException {
        host.store.obtain(agentKey(), draft -> {
            copyOfAnyTemplate(draft);
            write(draft.state(), "a state of another QEMU");
        }).close();
        try (AgentTemplate template = prepare()) {
            assertThat(template.startMode()).isEqualTo(StartMode.CLONE);
            assertThat(progress).anyMatch(step -> step.contains("deploying"));
        }
    }

    @Test
    void anAgentWhoseTrialFailsTakesNoTemplateFromOneThatUsesIt() {
        try (AgentTemplate user = prepare()) {
            host.libvirt.guests().reply("ping", ControlMessage.of("ok").with("status", "500"), "");
            assertThatThrownBy(this::prepare).isExactlyInstanceOf(VmException.class).hasMessageContaining("answered its ping with status 500");
            assertThat(progress).filteredOn("trying a clone"::equals).as("the first agent's, the second's and that repeated").hasSize(3);
            user.start().destroy();
        }
        assertNoVmIsLeft();
    }

    @Test
    void aTemplateThatIsCutWhileInUseIsLostAndMadeAnew() throws IOException {
        AgentTemplate template = prepare();
        try (RandomAccessFile ram = new RandomAccessFile(ram(agentKey()).toFile(), "rw")) {
            ram.setLength(4096);
        }
        host.libvirt.refuse("create");
        assertThatThrownBy(template::start).isInstanceOf(TemplateLostException.class).hasMessageContaining("ram has another size");
        assertThat(ram(agentKey())).doesNotExist();
        template.close();
        try (AgentTemplate again = prepare()) {
            again.start().destroy();
        }
    }

    @Test
    void aTemplateWhoseFolderIsGoneIsLostOnEveryWayToAVm() throws IOException {
        AgentTemplate template = prepare();
        TemplateFiles.remove(ram(agentKey()).getParent());
        assertThatThrownBy(template::start).isInstanceOf(TemplateLostException.class).hasMessageContaining("is gone");
        assertThatThrownBy(() -> template.start(RED)).isInstanceOf(TemplateLostException.class);
        assertThatThrownBy(template::makeAhead).isInstanceOf(TemplateLostException.class);
        template.close();
    }

    @Test
    void aTenantsCopyThatIsDamagedIsMadeAgain() throws IOException {
        try (AgentTemplate template = prepare()) {
            template.start(RED).destroy();
            Path copy = ram(TemplateKeys.copy(agentKey(), RED));
            Vm holding = template.start(RED);
            Files.writeString(copy, "x");
            Files.writeString(copy.resolveSibling("state"), "x");
            Vm next = template.start(RED);
            assertThat(Files.size(copy)).isEqualTo(TestMachine.MEMORY);
            next.destroy();
            holding.destroy();
        }
    }

    @Test
    void aVmThatDiesWhileItStartsIsReplacedOnce() {
        try (AgentTemplate template = prepare()) {
            host.libvirt.refuse("create");
            template.start().destroy();
            host.libvirt.refuse("create");
            host.libvirt.refuse("create");
            Throwable failure = catchThrowable(template::start);
            assertThat(failure).isInstanceOf(VmException.class).isNotInstanceOf(TemplateLostException.class).hasMessageContaining("create was refused");
            assertNoVmIsLeft();
        }
    }

    @Test
    void aClosedTemplateIsLetGoOnce() {
        AgentTemplate template = prepare();
        AgentTemplate other = prepare();
        template.close();
        template.close();
        other.start().destroy();
        other.close();
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
