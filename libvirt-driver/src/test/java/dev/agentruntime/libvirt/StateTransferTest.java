package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateTransferTest {

    private static final String VM = "agrt-a-t0123456789";

    @TempDir
    Path folder;

    private FakeHost host;
    private RunningMachine machine;
    private Path file;

    @BeforeEach
    void create() {
        host = new FakeHost(folder);
        file = folder.resolve("state");
        machine = create(VM, new Machine.Ram.Shared(folder.resolve("ram"), Machine.Beginning.BOOT));
    }

    private RunningMachine create(String name, Machine.Ram ram) {
        return host.machines.create(TestMachine.host(), host.machines.describe(host.plan, name, ram));
    }

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void aVmIsStoppedAndItsStateWritten() throws IOException {
        machine.save(file, host.executor);
        assertThat(file).hasContent(FakeDomain.STATE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(host.domain(VM).state()).isEqualTo(DomainHandle.State.PAUSED);
        assertThat(host.domain(VM).told()).containsSubsequence("stop", "migrate-set-capabilities", "migrate", "query-migrate");
        assertThat(host.directories.files(VM).stateSocket()).doesNotExist();
    }

    @Test
    void aStateIsLoadedAndTheCapabilityTakenBack() throws IOException {
        Files.writeString(file, FakeDomain.STATE);
        RunningMachine clone = create("agrt-a-s1", new Machine.Ram.Private(folder.resolve("ram")));
        clone.load(file);
        assertThat(host.domain("agrt-a-s1").loaded()).isEqualTo(FakeDomain.STATE);
        assertThat(host.domain("agrt-a-s1").told().stream().filter("migrate-set-capabilities"::equals)).hasSize(2);
        assertThat(host.directories.files("agrt-a-s1").stateSocket()).doesNotExist();
    }

    @Test
    void aStateThatQemuDoesNotTakeIsToldInItsWords() throws IOException {
        Files.writeString(file, "something else");
        RunningMachine clone = create("agrt-a-s1", new Machine.Ram.Private(folder.resolve("ram")));
        assertThatThrownBy(() -> clone.load(file)).isInstanceOf(VmException.class).hasMessageContainingAll("agrt-a-s1", "as told");
    }

    @Test
    void aQemuThatStandsStillWhileItIsLoadedHoldsNobody() throws IOException {
        Files.write(file, new byte[8 << 20]);
        Path socket = folder.resolve("state.sock");
        Monitor monitor = new Monitor(new MonitorSocket(folder.resolve("m.sock"), VM), VM);
        try (FakeMonitor qemu = new FakeMonitor(folder.resolve("m.sock"), (command, arguments) -> Optional.empty());
                ServerSocketChannel takesNothing = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            takesNothing.bind(UnixDomainSocketAddress.of(socket));
            StateTransfer transfer = new StateTransfer(monitor, VM, socket, Duration.ofMillis(200));
            assertTimeoutPreemptively(Duration.ofSeconds(10), () -> assertThatThrownBy(() -> transfer.load(file))
                    .isInstanceOf(HypervisorAwayException.class).hasMessageContainingAll(VM, "does not take its state within 200 ms"));
            assertThat(qemu.told()).contains("migrate-incoming");
        }
    }

    @Test
    void aStateThatIsNotThereIsNamed() {
        RunningMachine clone = create("agrt-a-s1", new Machine.Ram.Private(folder.resolve("ram")));
        assertThatThrownBy(() -> clone.load(file)).isInstanceOf(VmException.class).hasMessageContaining(file.toString());
    }

    @Test
    void aFolderThatIsNotThereIsNamedAndHoldsNobody() {
        Path nowhere = folder.resolve("none/state");
        assertThatThrownBy(() -> machine.save(nowhere, host.executor)).isInstanceOf(VmException.class).hasMessageContaining(nowhere.toString());
    }

    @Test
    void aVmThatIsGoneIsToldAtOnce() {
        host.domain(VM).end();
        assertThatThrownBy(() -> machine.save(file, host.executor)).isInstanceOf(VmException.class).hasMessageContaining(VM);
        assertThat(machine.hasEnded()).isTrue();
    }

    @Test
    void aSocketThatAnEarlierAttemptLeftIsNoHindrance() throws IOException {
        Files.createFile(host.directories.files(VM).stateSocket());
        machine.save(file, host.executor);
        assertThat(file).hasContent(FakeDomain.STATE);
    }
}
