package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.SnapshotKey;
import dev.agentruntime.channel.ControlMessage;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.NoDiskRoomException;
import dev.agentruntime.spi.SessionStart;
import dev.agentruntime.spi.Snapshot;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotsTest {

    private static final long PLENTY = 1 << 30;

    @TempDir
    Path folder;

    private FakeHost host;
    private TemplateStore.Pin template;
    private LibvirtVm vm;

    @BeforeEach
    void begin() {
        host = new FakeHost(folder);
        template = host.template();
        vm = host.starts.cloneOf(template.template(), host.plan);
        vm.begin(SessionStart.of("session"));
        host.domain(vm.name()).memory().put(0, 7);
        host.domain(vm.name()).memory().put(40 * GuestMemory.PAGE, 9);
        vm.pause();
    }

    @AfterEach
    void close() {
        host.close();
    }

    private List<Path> onDisk() throws IOException {
        try (Stream<Path> files = Files.list(host.directories.snapshots())) {
            return files.toList();
        }
    }

    @Test
    void aVmComesBackWithItsMemoryItsDevicesAndItsHostName() throws Exception {
        try (Snapshot snapshot = vm.snapshot(PLENTY)) {
            vm.destroy();
            LibvirtVm back = (LibvirtVm) snapshot.start();
            FakeDomain domain = host.domain(back.name());
            assertThat(domain.memory().values()).isEqualTo(Map.of(0L, 7, 40L * GuestMemory.PAGE, 9));
            assertThat(domain.loaded()).startsWith("QEVM 003head").endsWith("and the state of its devices").doesNotContain("ram");
            assertThat(domain.guest().asked()).as("it stands still").isEmpty();
            back.resume();
            assertThat(domain.guest().asked()).containsSubsequence("renew", "clock").doesNotContain("begin");
            back.destroy();
        }
        assertThat(host.libvirt.domains()).isEmpty();
        assertThat(host.files()).isEmpty();
        assertThat(host.fleet.size()).isZero();
    }

    @Test
    void aGuestKeepsItsHostNameHoweverOftenItsVmGoesToTheDisk() {
        Snapshot first = vm.snapshot(PLENTY);
        vm.destroy();
        LibvirtVm second = (LibvirtVm) first.start();
        second.resume();
        first.close();
        second.pause();
        try (Snapshot again = second.snapshot(PLENTY)) {
            second.destroy();
            LibvirtVm third = (LibvirtVm) again.start();
            third.resume();
            assertThat(hostNamesOf(third)).containsExactly(vm.name());
            third.destroy();
        }
    }

    @Test
    void aForkIsCalledAsItsOwnVm() {
        try (Snapshot snapshot = vm.snapshot(PLENTY)) {
            vm.destroy();
            LibvirtVm fork = (LibvirtVm) snapshot.fork();
            fork.begin(SessionStart.of("fork"));
            assertThat(hostNamesOf(fork)).containsExactly(fork.name());
            fork.pause();
            try (Snapshot ofFork = fork.snapshot(PLENTY)) {
                fork.destroy();
                LibvirtVm back = (LibvirtVm) ofFork.start();
                back.resume();
                assertThat(hostNamesOf(back)).containsExactly(fork.name());
                back.destroy();
            }
        }
    }

    private List<String> hostNamesOf(LibvirtVm of) {
        return host.domain(of.name()).guest().messages().stream().filter(message -> message.verb().equals("renew"))
                .map(message -> message.field("hostname").orElse("")).toList();
    }

    @Test
    void whatIsOnTheDiskIsTheOwnersAloneAndGoesWithTheSnapshot() throws IOException {
        Snapshot snapshot = vm.snapshot(PLENTY);
        assertThat(onDisk()).singleElement().satisfies(file -> {
            assertThat(Files.size(file)).isEqualTo(snapshot.bytes());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
            assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1)).doesNotContain("devices");
        });
        snapshot.close();
        assertThat(onDisk()).isEmpty();
        vm.destroy();
    }

    @Test
    void nothingOfTheDevicesIsLeftOutsideTheFile() throws IOException {
        try (Snapshot snapshot = vm.snapshot(PLENTY)) {
            assertThat(host.directories.devices(vm.name())).doesNotExist();
        }
        vm.destroy();
    }

    @Test
    void aQemuThatWritesDevicesWithoutEndIsNotReadToItsEnd() throws IOException {
        host.domain(vm.name()).devices(file -> Files.write(file, new byte[SnapshotFile.LARGEST_DEVICES + 1]));
        assertThatThrownBy(() -> vm.snapshot(PLENTY)).isInstanceOf(VmException.class).hasMessageContaining("more than 16 MiB");
        assertThat(onDisk()).isEmpty();
        assertThat(host.directories.devices(vm.name())).doesNotExist();
        vm.destroy();
    }

    @Test
    void aQemuThatPutsALinkInThePlaceOfItsDevicesHasNothingElseRead() throws IOException {
        Path other = Files.writeString(folder.resolve("other"), "QEVM 003 of another");
        host.domain(vm.name()).devices(file -> {
            Files.delete(file);
            Files.createSymbolicLink(file, other);
        });
        assertThatThrownBy(() -> vm.snapshot(PLENTY)).isInstanceOf(VmException.class);
        assertThat(onDisk()).isEmpty();
        assertThat(other).exists();
        assertThat(Files.exists(host.directories.devices(vm.name()), LinkOption.NOFOLLOW_LINKS)).isFalse();
        vm.destroy();
    }

    @Test
    void whatTakesTooMuchLeavesNothing() throws IOException {
        assertThatThrownBy(() -> vm.snapshot(5000)).isInstanceOf(NoDiskRoomException.class).hasMessageContaining("5000 bytes");
        assertThat(onDisk()).isEmpty();
        vm.resume();
        vm.destroy();
    }

    @Test
    void aVmWhoseMemoryCannotBeReadStaysAsItIs() throws IOException {
        host.domain(vm.name()).memory().fail(new IOException("Operation not permitted"));
        assertThatThrownBy(() -> vm.snapshot(PLENTY)).isInstanceOf(VmException.class)
                .hasMessageContainingAll(vm.name(), "Operation not permitted");
        assertThat(onDisk()).isEmpty();
        vm.resume();
        vm.destroy();
    }

    @Test
    void aDiskThatHangsIsNotWaitedForAndTheVmGoesOn() throws Exception {
        vm.destroy();
        Snapshots impatient = new Snapshots(host.directories, host.store, host.libvirt, new BoundedDisk(host.directories.snapshots(), host.executor, Duration.ofMillis(100)));
        LibvirtVm other = new Starts(host.creator, host.fleet, host.links, impatient, host.executor).cloneOf(template.template(), host.plan);
        other.begin(SessionStart.of("session"));
        host.domain(other.name()).memory().put(0, 7);
        other.pause();
        CountDownLatch hanging = host.domain(other.name()).memory().hang();
        assertThatThrownBy(() -> other.snapshot(PLENTY)).isInstanceOf(HypervisorAwayException.class).hasMessageContaining("does it hang?");
        other.resume();
        other.pause();
        assertThatThrownBy(() -> other.snapshot(PLENTY)).as("no second one is begun").isInstanceOf(HypervisorAwayException.class).hasMessageContaining("before");
        hanging.countDown();
        await().untilAsserted(() -> assertThat(onDisk()).as("what it wrote is gone when it goes on").isEmpty());
        await().ignoreExceptions().untilAsserted(() -> other.snapshot(PLENTY).close());
        other.destroy();
    }

    @Test
    void aStoppedQemuIsAway() {
        assumeThat(host.domain(vm.name())).isNotNull();
        host.domain(vm.name()).stop();
        assertThatThrownBy(() -> vm.snapshot(PLENTY)).isInstanceOf(HypervisorAwayException.class);
    }

    @Test
    void aDamagedFileEndsInAnErrorAndLeavesNoVm() throws IOException {
        try (Snapshot snapshot = vm.snapshot(PLENTY)) {
            vm.destroy();
            Path file = onDisk().get(0);
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length - 1] ^= 1;
            Files.write(file, bytes);
            assertThatThrownBy(snapshot::start).isInstanceOf(VmException.class).isNotInstanceOf(HypervisorAwayException.class)
                    .hasMessageContainingAll(file.toString(), "damaged");
            Files.delete(file);
            assertThatThrownBy(snapshot::start).isInstanceOf(VmException.class).hasMessageContaining(file.toString());
        }
        assertThat(host.libvirt.domains()).isEmpty();
        assertThat(host.fleet.size()).isZero();
    }

    private Snapshot reopened(SnapshotKey key) {
        return new Snapshots(host.directories, host.store, host.libvirt, new BoundedDisk(host.directories.snapshots(), host.executor)).reopen(SavedVmKey.of(key), (memory, vcpus, hears, adds) -> host.plan, host.starts);
    }

    @Test
    void theNextRunOfTheServerBringsItBackByItsKey() throws IOException {
        SnapshotKey key = vm.snapshot(PLENTY).key();
        vm.destroy();
        Snapshot again = reopened(key);
        assertThat(again.key()).isEqualTo(key);
        assertThat(again.bytes()).isEqualTo(Files.size(onDisk().get(0)));
        LibvirtVm back = (LibvirtVm) again.start();
        assertThat(host.domain(back.name()).memory().values()).isEqualTo(Map.of(0L, 7, 40L * GuestMemory.PAGE, 9));
        back.destroy();
        again.close();
        assertThat(onDisk()).isEmpty();
    }

    @Test
    void theNextRunRemovesWhatNobodyTookUpAndKeepsWhatSomebodyDid() throws IOException {
        SnapshotKey key = vm.snapshot(PLENTY).key();
        Path kept = onDisk().get(0);
        vm.snapshot(PLENTY);
        vm.destroy();
        Snapshots next = new Snapshots(host.directories, host.store, host.libvirt, new BoundedDisk(host.directories.snapshots(), host.executor));
        next.reopen(SavedVmKey.of(key), (memory, vcpus, hears, adds) -> host.plan, host.starts);
        next.tidy();
        assertThat(onDisk()).containsExactly(kept);
    }

    @Test
    void aFileOrATemplateThatIsGoneIsSaidByItsName() throws IOException {
        SnapshotKey key = vm.snapshot(PLENTY).key();
        vm.destroy();
        SnapshotKey other = new SnapshotKey(key.text().replace(template.template().key(), "0000"));
        assertThatThrownBy(() -> reopened(other)).isInstanceOf(VmException.class).hasMessageContainingAll("template 0000", "gone");
        Files.delete(onDisk().get(0));
        assertThatThrownBy(() -> reopened(key)).isInstanceOf(VmException.class).hasMessageContaining("not on the disk any more");
    }

    @Test
    void aKeyThatSomebodyChangedLeadsToNoOtherFile() {
        String text = vm.snapshot(PLENTY).key().text();
        for (String changed : List.of("", "1" + text.substring(1), text + " x", text.replaceFirst("2 [0-9a-f]{16}", "2 ../../../etc/sh"),
                text.replace("agrt-", "/"), text.substring(0, 60))) {
            assertThatThrownBy(() -> reopened(new SnapshotKey(changed))).as(changed).isInstanceOf(VmException.class)
                    .hasMessageContaining("opens no VM");
        }
        vm.destroy();
    }

    @Test
    void whatOpensItIsInNoText() {
        SnapshotKey key = vm.snapshot(PLENTY).key();
        String secret = key.text().split(" ")[2];
        assertThat(secret).hasSize(64);
        assertThat(key.toString() + SavedVmKey.of(key)).doesNotContain(secret);
        vm.destroy();
    }

    @Test
    void aTemplateThatWasMadeAnewIsAnother() throws IOException {
        try (Snapshot snapshot = vm.snapshot(PLENTY)) {
            vm.destroy();
            Path properties = template.template().properties();
            Files.writeString(properties, Files.readString(properties).replaceFirst("ram.crc32c=.*", "ram.crc32c=1"));
            assertThatThrownBy(snapshot::start).isInstanceOf(VmException.class).hasMessageContaining("made anew");
        }
        assertThat(host.libvirt.domains()).isEmpty();
    }

    @Test
    void itsTemplateIsKeptAsLongAsItIs() throws IOException {
        Snapshot snapshot = vm.snapshot(PLENTY);
        vm.destroy();
        template.close();
        assertThat(host.store.share(template.template())).isPresent();
        snapshot.start().destroy();
        host.store.share(template.template()).orElseThrow().close();
    }

    @Test
    void aVmWhoseTemplateIsGoneIsNotPutOnTheDisk() {
        host.store.discard(template);
        assertThatThrownBy(() -> vm.snapshot(PLENTY)).isInstanceOf(VmException.class).hasMessageContaining(template.template().key());
        vm.destroy();
    }

    @Test
    void aGuestThatDoesNotConfirmItsReturnIsOver() {
        try (Snapshot snapshot = vm.snapshot(PLENTY)) {
            vm.destroy();
            LibvirtVm back = (LibvirtVm) snapshot.start();
            host.libvirt.guests().reply("renew", ControlMessage.error("no"), "");
            assertThatThrownBy(back::resume).isInstanceOf(VmException.class).hasMessageContaining("identity");
            assertThatThrownBy(back::resume).isInstanceOf(VmException.class).hasMessageContaining("has ended");
            back.destroy();
        }
        assertThat(host.fleet.size()).isZero();
    }

    @Test
    void aBootedVmIsNotPutOnTheDisk() {
        LibvirtVm booted = host.starts.boot(host.agentWar(), host.plan);
        booted.begin(SessionStart.of("session"));
        booted.pause();
        assertThatThrownBy(() -> booted.snapshot(PLENTY)).isInstanceOf(VmException.class).hasMessageContaining("booted");
        booted.destroy();
        vm.destroy();
    }

    @Test
    void whatAnEarlierRunLeftIsRemovedAndNothingElse() throws IOException {
        try (Snapshot snapshot = vm.snapshot(PLENTY)) {
            Path kept = onDisk().get(0);
            Files.writeString(host.directories.snapshots().resolve("0011223344556677.vm"), "of an earlier run");
            Files.writeString(host.directories.snapshots().resolve(".0011223344556677.vm.partial"), "half of it");
            host.snapshots.tidy();
            assertThat(onDisk()).containsExactly(kept);
        }
        vm.destroy();
    }
}
