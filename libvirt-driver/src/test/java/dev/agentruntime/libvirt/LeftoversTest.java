package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.spi.FoundVm;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.Reclaimed;
import dev.agentruntime.spi.VmLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {

    @TempDir
    Path folder;

    private FakeHost host;
    private Leftovers leftovers;

    @BeforeEach
    void open() {
        host = new FakeHost(folder);
        leftovers = new Leftovers(host.machines, host.store, host.fleet);
    }

    @AfterEach
    void close() {
        host.close();
    }

    /** As an earlier run would have left it. */
    private String leave(String end) {
        Machine machine = TestMachine.named("agrt-a-s00000000" + end, host.directories.run());
        host.machines.create(TestMachine.host(), machine);
        return machine.name();
    }

    @Test
    void nothingIsFoundWhereNothingIsLeft() {
        assertThat(leftovers.find()).isEmpty();
        assertThat(leftovers.remove(Set.of())).isEqualTo(new Reclaimed(java.util.Map.of(), java.util.Map.of()));
    }

    @Test
    void aVmThatEndsWhileTheOthersAreListedWasNotLeftBehind() {
        LibvirtVm vm = host.starts.cloneOf(host.template().template(), host.plan);
        Hypervisor slow = new Hypervisor(List.of(FakeLibvirt.URI), uri -> endingWhenListed(vm, host.libvirt.open(uri)), FakeHost.LIMITS);
        Machines machines = new Machines(slow, host.directories, Optional.empty(), Fence.probe(VmLimits.USUAL, Optional.empty(), "a"));
        assertThat(new Leftovers(machines, host.store, host.fleet).find()).isEmpty();
        assertThat(host.fleet.has(vm.name())).isFalse();
        slow.close();
    }

    private static HypervisorConnection endingWhenListed(LibvirtVm vm, HypervisorConnection real) {
        return (HypervisorConnection) Proxy.newProxyInstance(LeftoversTest.class.getClassLoader(),
                new Class<?>[] {HypervisorConnection.class}, (proxy, method, arguments) -> {
                    Object answer = method.invoke(real, arguments);
                    if (method.getName().equals("domainNames")) {
                        vm.destroy();
                    }
                    return answer;
                });
    }

    @Test
    void vmsOfAnEarlierRunAreFoundWithTheirStateAndLeftAsTheyAre() {
        String running = leave("01");
        String paused = leave("02");
        new Monitor(new MonitorSocket(host.directories.files(paused).monitor(), paused), paused).stop();
        assertThat(leftovers.find()).containsExactly(new FoundVm(running, FoundVm.State.RUNNING), new FoundVm(paused, FoundVm.State.PAUSED));
        assertThat(leftovers.find()).hasSize(2);
        assertThat(host.domain(running).alive()).isTrue();
    }

    @Test
    void vmsOfAnEarlierRunAreEndedWithTheirFilesAndThoseOfOthersAreNot() {
        String mine = leave("01");
        Machine others = TestMachine.named("agrt-aa-s0000000001", folder);
        host.machines.create(TestMachine.host(), others);
        Reclaimed reclaimed = leftovers.remove(Set.of());
        assertThat(reclaimed.destroyed()).containsOnlyKeys(mine);
        assertThat(reclaimed.left()).isEmpty();
        assertThat(host.libvirt.domains()).containsOnlyKeys(others.name());
        assertThat(host.files()).isEmpty();
    }

    @Test
    void vmsOfThisRunAreLeftAloneWithTheirFiles() throws IOException {
        String old = leave("01");
        LibvirtVm mine = host.starts.cloneOf(host.template().template(), host.plan);
        Files.writeString(host.directories.files(mine.name()).log(), "console");
        Path confined = Files.createFile(host.directories.run().resolve(Confinement.profile(mine.name()) + ".state"));
        assertThat(leftovers.find()).extracting(FoundVm::name).containsExactly(old);
        assertThat(leftovers.remove(Set.of()).destroyed()).containsOnlyKeys(old);
        assertThat(host.domain(mine.name()).alive()).isTrue();
        assertThat(host.directories.files(mine.name()).log()).exists();
        assertThat(confined).exists();
    }

    @Test
    void aVmThatCannotBeEndedDoesNotKeepTheOthersNorTheirReadings() {
        String first = leave("01");
        String second = leave("02");
        String third = leave("03");
        host.libvirt.refuse("destroy");
        Reclaimed reclaimed = leftovers.remove(Set.of());
        assertThat(reclaimed.destroyed()).containsOnlyKeys(second, third);
        assertThat(reclaimed.left()).containsOnlyKeys(first);
        assertThat(reclaimed.left().get(first)).contains("destroy was refused");
        assertThat(host.files()).as("the files of a VM that is still there").isNotEmpty();
        assertThat(leftovers.remove(Set.of()).destroyed()).containsOnlyKeys(first);
        assertThat(host.files()).isEmpty();
    }

    @Test
    void aProcessThatLibvirtdHasLostSightOfIsFoundAndEnded() {
        String name = leave("01");
        FakeDomain domain = host.libvirt.domains().remove(name);
        assertThat(leftovers.find()).containsExactly(new FoundVm(name, FoundVm.State.RUNNING));
        leftovers.remove(Set.of());
        await().until(() -> !domain.alive());
    }

    @Test
    void filesAndLogsOfVmsThatAreGoneAreRemoved() throws IOException {
        Path socket = Files.createFile(host.directories.run().resolve("agrt-a-s0000000009.sock"));
        Path scratch = Path.of("/dev/shm/agrt-a-t" + UUID.randomUUID().toString().substring(0, 8) + ".ram");
        if (Files.isWritable(scratch.getParent())) {
            Files.createFile(scratch);
        }
        Path monitor = Files.createFile(host.directories.run().resolve(Confinement.profile("agrt-a-s0000000009") + ".monitor"));
        leftovers.remove(Set.of());
        assertThat(socket).doesNotExist();
        assertThat(monitor).doesNotExist();
        assertThat(scratch).doesNotExist();
    }

    @Test
    void qemusOwnLogsAreListedByTheBeginningOfTheirName() throws IOException {
        Path logs = Files.createDirectories(folder.resolve("logs"));
        Path mine = Files.createFile(logs.resolve("agrt-a-s01.log"));
        Path older = Files.createFile(logs.resolve("agrt-a-s01.log.0"));
        Files.createFile(logs.resolve("agrt-aa-s01.log"));
        Files.createFile(logs.resolve("debian.log"));
        assertThat(MachineFiles.logs(List.of(logs, folder.resolve("none")), "agrt-a-")).containsExactlyInAnyOrder(mine, older);
    }

    @Test
    void whileLibvirtdIsAwayNothingIsTouched() throws IOException {
        leave("01");
        host.libvirt.kill();
        assertThatThrownBy(leftovers::find).isInstanceOf(HypervisorAwayException.class);
        assertThatThrownBy(() -> leftovers.remove(Set.of())).isInstanceOf(HypervisorAwayException.class);
        assertThat(host.files()).isNotEmpty();
    }

    @Test
    void aTemplateThatThisRunIsMakingKeepsItsDraftAndItsMemory() throws IOException {
        Path scratch = host.directories.run().resolve("agrt-a-t0123456789.ram");
        host.store.obtain("d".repeat(64), draft -> {
            host.fleet.announce("agrt-a-t0123456789");
            try {
                Files.createFile(scratch);
                leftovers.remove(Set.of());
                assertThat(scratch).exists();
                Files.write(draft.ram(), new byte[4096]);
                Files.writeString(draft.state(), FakeDomain.STATE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }).close();
        host.fleet.withdraw("agrt-a-t0123456789");
        leftovers.remove(Set.of());
        assertThat(scratch).doesNotExist();
    }

    @Test
    void draftsOfTheEarlierRunGoToo() throws IOException {
        Path draft = Files.createDirectories(host.directories.templates().resolve(".draft-a-1"));
        leftovers.remove(Set.of());
        assertThat(draft).doesNotExist();
    }
}
