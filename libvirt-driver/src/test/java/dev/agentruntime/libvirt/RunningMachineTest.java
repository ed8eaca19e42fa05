package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.VmLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines are created and destroyed, with everything that belongs to them. */
class RunningMachineTest {

    private static final String VM = "agrt-a-s0123456789";

    @TempDir
    Path folder;

    private FakeHost host;

    @BeforeEach
    void open() {
        host = new FakeHost(folder);
    }

    @AfterEach
    void close() {
        host.close();
    }

    private RunningMachine create(Machine.Ram ram) {
        return host.machines.create(TestMachine.host(), host.machines.describe(host.plan, VM, ram));
    }

    @Test
    void aMachineHasAProcessAMonitorAndFilesUntilItIsDestroyed() throws IOException {
        RunningMachine machine = create(new Machine.Ram.Anonymous());
        assertThat(machine.process()).isPresent();
        Files.writeString(host.directories.files(VM).log(), "console");
        assertThat(host.files()).hasSize(4);
        assertThat(machine.destroy().memoryBytes()).isZero();
        assertThat(host.files()).isEmpty();
        assertThat(machine.hasEnded()).isTrue();
        assertThat(host.libvirt.domains()).isEmpty();
    }

    @Test
    void itIsDestroyedAsOftenAsOneLikes() {
        RunningMachine machine = create(new Machine.Ram.Anonymous());
        long cpu = machine.destroy().cpuNanos();
        assertThat(machine.destroy().cpuNanos()).isEqualTo(cpu);
    }

    @Test
    void theMemoryOfATemplateInTheMakingGoesWithIt() throws IOException {
        Path ram = Files.createFile(folder.resolve("ram"));
        create(new Machine.Ram.Shared(ram, Machine.Beginning.BOOT)).destroy();
        assertThat(ram).doesNotExist();
        Files.createFile(ram);
        create(new Machine.Ram.Private(ram)).destroy();
        assertThat(ram).exists();
    }

    @Test
    void withoutLibvirtdTheProcessIsKilled() {
        RunningMachine machine = create(new Machine.Ram.Anonymous());
        host.libvirt.kill();
        machine.destroy();
        assertThat(machine.hasEnded()).isTrue();
        assertThat(host.files()).isEmpty();
    }

    @Test
    void withoutLibvirtdAndWithoutAProcessItIsNotProvenGone() {
        Machine machine = TestMachine.named("agrt-a-s1", host.directories.run());
        host.libvirt.kill();
        RunningMachine nowhere = host.machines.find(TestMachine.host(), machine);
        assertThatThrownBy(nowhere::destroy).isInstanceOf(VmException.class).hasMessageContaining("perhaps the domain");
        host.libvirt.goOn();
        assertThat(nowhere.destroy().cpuNanos()).isZero();
    }

    @Test
    void pausingTwiceAndResumingTwiceIsNoFault() {
        RunningMachine machine = create(new Machine.Ram.Anonymous());
        machine.suspend();
        machine.suspend();
        assertThat(host.domain(VM).state()).isEqualTo(DomainHandle.State.PAUSED);
        machine.resume();
        machine.resume();
        assertThat(host.domain(VM).state()).isEqualTo(DomainHandle.State.RUNNING);
    }

    @Test
    void aMachineThatWasRefusedLeavesNothing() throws IOException {
        host.libvirt.refuse("create");
        Files.writeString(host.directories.files(VM).log(), "QEMU had begun");
        assertThatThrownBy(() -> create(new Machine.Ram.Anonymous())).isExactlyInstanceOf(VmException.class).hasMessageContaining("create was refused");
        assertThat(host.files()).isEmpty();
    }

    @Test
    void aMachineWhoseCreationIsNotAnsweredIsFoundAndDestroyed() {
        host.libvirt.loseAnswer("create");
        Machine machine = host.machines.describe(host.plan, VM, new Machine.Ram.Anonymous());
        assertThatThrownBy(() -> host.machines.create(TestMachine.host(), machine)).isInstanceOf(HypervisorAwayException.class);
        RunningMachine found = host.machines.find(TestMachine.host(), machine);
        assertThat(found.process()).isPresent();
        found.destroy();
        assertThat(host.libvirt.domains()).isEmpty();
    }

    @Test
    void aKernelThatHasNoMemoryForItIsNoRoomAndSaysHowMuch() {
        host.libvirt.outOfMemory("create");
        assertThatThrownBy(() -> create(new Machine.Ram.Anonymous())).isInstanceOfSatisfying(NoRoomException.class, refusal ->
                assertThat(refusal.missingBytes()).isEqualTo(TestMachine.MEMORY));
        assertThat(host.files()).isEmpty();
    }

    @Test
    void aControlGroupIsMadeForTheMachineAndGoesWithIt() throws IOException {
        Path root = Files.createDirectory(folder.resolve("cgroup"));
        Files.writeString(root.resolve("cgroup.controllers"), "");
        for (String part : List.of("machine", "machine/agrt-a.partition", "machine/agrt-a.partition/" + VM + ".partition")) {
            Files.writeString(Files.createDirectory(root.resolve(part)).resolve("cgroup.controllers"), "");
        }
        Optional<Partitions> partitions = Optional.of(new PlainPartitions(new ControlGroups(List.of(new ControlGroups.Hierarchy.Unified(root))), "a"));
        Machines grouped = new Machines(host.hypervisor, host.directories, partitions, Fence.probe(VmLimits.USUAL, Optional.empty(), "a"));
        Machine machine = grouped.describe(host.plan, VM, new Machine.Ram.Anonymous());
        assertThat(machine.partition()).contains("/machine/agrt-a/" + VM);
        RunningMachine running = grouped.create(TestMachine.host(), machine);
        Files.delete(root.resolve("machine/agrt-a.partition/" + VM + ".partition/cgroup.controllers"));
        running.destroy();
        assertThat(root.resolve("machine/agrt-a.partition/" + VM + ".partition")).doesNotExist();
    }
}
