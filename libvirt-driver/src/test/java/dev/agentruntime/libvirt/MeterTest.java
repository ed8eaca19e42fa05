package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.MeterSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeterTest {

    private static final String VM = "agrt-a-s0123456789";

    @TempDir
    Path root;

    private final FakeLibvirt libvirt = new FakeLibvirt();
    private final Hypervisor hypervisor = libvirt.hypervisor(FakeHost.LIMITS);
    private Partition partition;
    private Path group;

    @BeforeEach
    void mount() throws IOException {
        partition = new PlainPartition(new ControlGroups(List.of(new ControlGroups.Hierarchy.Unified(root))), "a", VM);
        group = Files.createDirectories(root.resolve(partition.path()));
        counted(1_000, 4096);
    }

    @AfterEach
    void close() {
        hypervisor.close();
        libvirt.close();
    }

    private void counted(long cpuMicros, long memory) throws IOException {
        Files.writeString(group.resolve("cpu.stat"), "usage_usec " + cpuMicros + "\n");
        Files.writeString(group.resolve("memory.stat"), "anon " + memory + "\n");
    }

    private Meter grouped() {
        return new Meter(Optional.of(partition), Optional.empty(), hypervisor, VM);
    }

    @Test
    void cpuIsOfThisMomentAndMemoryOfTheLastMeasurement() throws IOException {
        Meter meter = grouped();
        meter.measure();
        assertThat(meter.read()).satisfies(reading -> {
            assertThat(reading.cpuNanos()).isEqualTo(1_000_000);
            assertThat(reading.memoryBytes()).isEqualTo(4096);
            assertThat(reading.source()).isEqualTo(MeterSource.CGROUP);
        });
        counted(2_000, 8192);
        assertThat(meter.read().cpuNanos()).isEqualTo(2_000_000);
        assertThat(meter.read().memoryBytes()).isEqualTo(4096);
        meter.measure();
        assertThat(meter.read().memoryBytes()).isEqualTo(8192);
    }

    @Test
    void memoryThatCannotBeMeasuredStaysAsItWas() throws IOException {
        Meter meter = grouped();
        meter.measure();
        Files.delete(group.resolve("memory.stat"));
        libvirt.kill();
        meter.measure();
        assertThat(meter.read().memoryBytes()).isEqualTo(4096);
    }

    @Test
    void cpuNeverFalls() throws IOException {
        Meter meter = grouped();
        meter.read();
        Files.delete(group.resolve("cpu.stat"));
        assertThat(meter.read().cpuNanos()).isEqualTo(1_000_000);
        counted(500, 1);
        assertThat(meter.read().cpuNanos()).isEqualTo(1_000_000);
    }

    @Test
    void aVmThatHasEndedHoldsNoMemory() {
        Meter meter = grouped();
        meter.measure();
        assertThat(meter.last().memoryBytes()).isZero();
        assertThat(meter.read().memoryBytes()).isZero();
        assertThat(meter.last().cpuNanos()).isEqualTo(1_000_000);
    }

    @Test
    void whereOnlyLibvirtTellsReadingAsksNobodyAndMeasuringAsks() {
        Machine machine = TestMachine.named(VM, root);
        hypervisor.create(machine, TestMachine.xml(machine), 0);
        Meter meter = new Meter(Optional.empty(), Optional.empty(), hypervisor, VM);
        libvirt.calls();
        assertThat(meter.read().cpuNanos()).isZero();
        assertThat(libvirt.calls()).isEmpty();
        meter.measure();
        assertThat(libvirt.calls()).containsExactlyInAnyOrder("memory " + VM, "cpu " + VM);
        assertThat(meter.read().cpuNanos()).isEqualTo(5_000_000);
        assertThat(meter.read().memoryBytes()).isEqualTo(64L << 20);
        assertThat(meter.read().source()).isEqualTo(MeterSource.HYPERVISOR);
    }

    @Test
    void beforeTheEndLibvirtIsAskedOnceMoreWhereNobodyElseTells() {
        Machine machine = TestMachine.named(VM, root);
        hypervisor.create(machine, TestMachine.xml(machine), 0);
        Meter meter = new Meter(Optional.empty(), Optional.empty(), hypervisor, VM);
        meter.readBeforeEnd();
        hypervisor.destroy(VM);
        assertThat(meter.last().cpuNanos()).isEqualTo(5_000_000);
    }

    @Test
    void aLibvirtdThatIsAwayKeepsNobodyFromReading() {
        libvirt.kill();
        Meter meter = new Meter(Optional.empty(), Optional.empty(), hypervisor, VM);
        meter.measure();
        assertThat(meter.read().cpuNanos()).isZero();
    }
}
