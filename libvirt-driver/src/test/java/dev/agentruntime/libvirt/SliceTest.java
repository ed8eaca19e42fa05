package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.spi.VmLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SliceTest {

    private static final String VM = "agrt-a-s0123456789";

    @TempDir
    Path tree;

    private final FakeUnits units = new FakeUnits();
    private Slices slices;
    private Partition slice;

    /** A systemd that makes a slice's folder when it starts it, and removes it when it stops it. */
    private final class FakeUnits implements Units {
        private final List<String> done = new ArrayList<>();
        private Optional<String> refusal = Optional.empty();

        @Override
        public void start(String unit) throws IOException {
            refuse();
            done.add("start " + unit);
            Files.createDirectories(folder(unit));
        }

        @Override
        public void limit(String unit, List<String> properties) throws IOException {
            refuse();
            done.add("limit " + unit + " " + String.join(" ", properties));
        }

        @Override
        public void stop(String unit) throws IOException {
            refuse();
            done.add("stop " + unit);
            Files.deleteIfExists(folder(unit).resolve("cpu.stat"));
            Files.delete(folder(unit));
        }

        private Path folder(String unit) {
            return tree.resolve(new Slice(tree, this, unit.substring("machine-".length(), unit.length() - ".slice".length())).path());
        }

        private void refuse() throws IOException {
            if (refusal.isPresent()) {
                throw new IOException(refusal.get());
            }
        }
    }

    @BeforeEach
    void server() {
        slices = new Slices(tree, units, "a");
        slice = slices.of(VM);
    }

    @Test
    void libvirtMakesTheSlicesNameOfThePartsOfThePartition() {
        assertThat(slice.libvirtName()).isEqualTo("/machine/agrt/a/s0123456789");
        assertThat(slice.path()).isEqualTo("machine.slice/machine-agrt.slice/machine-agrt-a.slice/machine-agrt-a-s0123456789.slice");
    }

    @Test
    void itIsStartedByUsSoThatItOutlivesItsVmAndStoppedAtTheEnd() throws IOException {
        slice.create();
        assertThat(tree.resolve(slice.path())).isDirectory();
        assertThat(slice.remove()).isEmpty();
        assertThat(tree.resolve(slice.path())).doesNotExist();
        assertThat(units.done).containsExactly("start machine-" + VM + ".slice", "stop machine-" + VM + ".slice");
    }

    @Test
    void systemdIsToldItsLimitsAndWhatTheKernelHasNoFileForIsNamed() throws IOException {
        slice.create();
        for (String file : List.of("cpu.weight", "cpu.max", "memory.max", "pids.max")) {
            Files.writeString(tree.resolve(slice.path()).resolve(file), "");
        }
        assertThat(slice.limit(GroupLimits.of(VmLimits.USUAL, 1L << 30, 2))).containsExactly("I/O share");
        assertThat(units.done).endsWith("limit machine-" + VM + ".slice CPUWeight=200 CPUQuota=300% MemoryMax=1342177280 TasksMax=256 IOWeight=100");
    }

    @Test
    void limitsThatSystemdRefusesAreToldWithItsReason() throws IOException {
        slice.create();
        units.refusal = Optional.of("Access denied");
        assertThat(slice.limit(GroupLimits.of(VmLimits.USUAL, 1L << 30, 1))).containsExactly("anything (Access denied)");
    }

    @Test
    void oneThatIsGoneIsNotStoppedAgain() {
        assertThat(slice.remove()).isEmpty();
        assertThat(units.done).isEmpty();
    }

    @Test
    void oneThatSystemdDoesNotStopIsNamedWithTheReason() throws IOException {
        slice.create();
        units.refusal = Optional.of("Transaction is destructive");
        assertThat(slice.remove()).singleElement().asString().contains("machine-" + VM + ".slice", "Transaction is destructive");
        assertThatThrownBy(slice::create).isInstanceOf(IOException.class).hasMessageContaining("destructive");
    }

    @Test
    void cpuAndMemoryAreReadFromTheSliceItself() throws IOException {
        assertThat(slice.cpuNanos()).isZero();
        assertThat(slice.anonymousBytes()).isEmpty();
        Path group = Files.createDirectories(tree.resolve(slice.path()));
        Files.writeString(group.resolve("cpu.stat"), "usage_usec 1234567\nuser_usec 1\n");
        Files.writeString(group.resolve("memory.stat"), "anon 8192\nfile 999999\n");
        assertThat(slice.cpuNanos()).isEqualTo(1_234_567_000L);
        assertThat(slice.anonymousBytes()).contains(8192L);
    }

    @Test
    void aProcessCountsWhereItsScopeIsInside() {
        assertThat(slice.counts("0::/" + slice.path() + "/machine-qemu\\x2d1\\x2dagrt.scope/libvirt/emulator\n")).isTrue();
        assertThat(slice.counts("0::/" + slices.of(VM + "0").path() + "/machine-qemu.scope\n")).isFalse();
        assertThat(slice.counts("0::/machine.slice/machine-qemu.scope\n")).isFalse();
    }

    @Test
    void itIsEmptyOnceTheKernelSaysSo() throws IOException {
        assertThat(slice.awaitEmpty(Duration.ofMillis(30))).isTrue();
        Path group = Files.createDirectories(tree.resolve(slice.path()));
        Files.writeString(group.resolve("cgroup.events"), "populated 1\nfrozen 0\n");
        assertThat(slice.awaitEmpty(Duration.ofMillis(30))).isFalse();
    }

    @Test
    void slicesOfAServerAreListedAndItsOwnGoesWhenItIsEmpty() throws IOException {
        slices.of(VM).create();
        new Slices(tree, units, "aa").of("agrt-aa-s1").create();
        Files.createDirectories(tree.resolve("machine.slice/machine-agrt.slice/machine-agrt-a.slice/machine-qemu.scope"));
        assertThat(slices.present()).containsExactly(VM);
        slices.removeParent();
        assertThat(slices.present()).as("one that has a VM stays").containsExactly(VM);
        slice.remove();
        Files.delete(tree.resolve("machine.slice/machine-agrt.slice/machine-agrt-a.slice/machine-qemu.scope"));
        slices.removeParent();
        assertThat(units.done).endsWith("stop machine-agrt-a.slice");
        assertThat(new Slices(tree, units, "b").present()).isEmpty();
    }
}
