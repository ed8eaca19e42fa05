package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.spi.VmLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainPartitionTest {

    @TempDir
    Path unified;

    private PlainPartition partition;

    @BeforeEach
    void mount() throws IOException {
        Files.writeString(unified.resolve("cgroup.controllers"), "");
        partition = new PlainPartition(new ControlGroups(List.of(new ControlGroups.Hierarchy.Unified(unified))), "a", "agrt-a-s01");
    }

    @Test
    void libvirtPutsASuffixBehindAllButTheFirstPart() {
        assertThat(partition.libvirtName()).isEqualTo("/machine/agrt-a/agrt-a-s01");
        assertThat(partition.path()).isEqualTo("machine/agrt-a.partition/agrt-a-s01.partition");
    }

    @Test
    void cpuIsReadInNanosecondsAndMemoryWithoutTheTemplatesPages() throws IOException {
        Path group = Files.createDirectories(unified.resolve(partition.path()));
        Files.writeString(group.resolve("cpu.stat"), "usage_usec 1234567\nuser_usec 1\n");
        Files.writeString(group.resolve("memory.stat"), "anon 8192\nfile 999999\n");
        assertThat(partition.cpuNanos()).isEqualTo(1_234_567_000L);
        assertThat(partition.anonymousBytes()).contains(8192L);
    }

    @Test
    void itIsMadeInEveryHierarchyWithWhatItsParentHas() throws IOException {
        Path cpuset = Files.createDirectory(unified.resolve("v1"));
        Files.writeString(cpuset.resolve("cpuset.cpus"), "0-1");
        Files.writeString(cpuset.resolve("cpuset.mems"), "0");
        PlainPartition legacy = new PlainPartition(new ControlGroups(List.of(new ControlGroups.Hierarchy.Legacy(cpuset, List.of("cpuset")))), "a", "agrt-a-s01");
        for (String part : List.of("machine", "machine/agrt-a.partition", legacy.path())) {
            Path group = Files.createDirectory(cpuset.resolve(part));
            Files.writeString(group.resolve("cpuset.cpus"), "\n");
            Files.writeString(group.resolve("cpuset.mems"), "");
        }
        legacy.create();
        assertThat(cpuset.resolve(legacy.path()).resolve("cpuset.cpus")).hasContent("0-1");
        assertThat(cpuset.resolve(legacy.path()).resolve("cpuset.mems")).hasContent("0");
    }

    @Test
    void itIsLimitedInWhicheverTreeHasTheFileAndWhatNoneHasIsNamed() throws IOException {
        Path cpu = tree("cpu", "cpu.shares", "cpu.cfs_period_us", "cpu.cfs_quota_us");
        Path memory = tree("memory", "memory.limit_in_bytes");
        Path pids = tree("pids", "pids.max");
        PlainPartition hybrid = new PlainPartition(new ControlGroups(List.of(legacy(cpu, "cpu"), legacy(memory, "memory"), legacy(pids, "pids"),
                new ControlGroups.Hierarchy.Unified(unified))), "a", "agrt-a-s01");
        assertThat(hybrid.limit(GroupLimits.of(VmLimits.USUAL, 1L << 30, 1))).containsExactly("I/O share");
        assertThat(cpu.resolve(partition.path()).resolve("cpu.shares")).hasContent("1024");
        assertThat(cpu.resolve(partition.path()).resolve("cpu.cfs_quota_us")).hasContent("150000");
        assertThat(memory.resolve(partition.path()).resolve("memory.limit_in_bytes")).hasContent("1342177280");
        assertThat(pids.resolve(partition.path()).resolve("pids.max")).hasContent("256");
    }

    @Test
    void aProcessIsPutIntoTheTreeThatCountsThreadsAsLibvirtDoesNot() throws IOException {
        Path pids = tree("pids", "cgroup.procs");
        Path cpu = tree("cpu", "cgroup.procs");
        ControlGroups groups = new ControlGroups(List.of(legacy(cpu, "cpu"), legacy(pids, "pids"), new ControlGroups.Hierarchy.Unified(unified)));
        assertThat(new PlainPartition(groups, "a", "agrt-a-s01").adopt(4711)).isEmpty();
        assertThat(pids.resolve(partition.path()).resolve("cgroup.procs")).hasContent("4711");
        assertThat(cpu.resolve(partition.path()).resolve("cgroup.procs")).isEmptyFile();
    }

    @Test
    void aProcessThatCannotBePutThereIsTold() throws IOException {
        Path pids = tree("pids");
        Files.createDirectory(pids.resolve(partition.path()).resolve("cgroup.procs"));
        PlainPartition alone = new PlainPartition(new ControlGroups(List.of(legacy(pids, "pids"))), "a", "agrt-a-s01");
        assertThat(alone.adopt(4711)).singleElement().asString().startsWith("threads (cgroup.procs: ").as("the same for each VM").doesNotContain("agrt-a-s01");
    }

    private Path tree(String name, String... files) throws IOException {
        Path root = unified.resolve(name);
        Path group = Files.createDirectories(root.resolve(partition.path()));
        for (String file : files) {
            Files.createFile(group.resolve(file));
        }
        return root;
    }

    private static ControlGroups.Hierarchy legacy(Path root, String controller) {
        return new ControlGroups.Hierarchy.Legacy(root, List.of(controller));
    }

    @Test
    void itIsEmptyOnceTheKernelSaysSo() throws IOException {
        Path group = Files.createDirectories(unified.resolve(partition.path()));
        Files.writeString(group.resolve("cgroup.events"), "populated 1\nfrozen 0\n");
        assertThat(partition.awaitEmpty(Duration.ofMillis(30))).isFalse();
        Files.writeString(group.resolve("cgroup.events"), "populated 0\nfrozen 0\n");
        assertThat(partition.awaitEmpty(Duration.ofMillis(30))).isTrue();
    }

    @Test
    void itIsRemovedWithWhatLibvirtLeftInIt() throws IOException {
        Files.createDirectories(unified.resolve(partition.path()).resolve("qemu-1-vm.libvirt-qemu/emulator"));
        assertThat(partition.remove()).isEmpty();
        assertThat(partition.directories()).isEmpty();
        assertThat(partition.remove()).isEmpty();
    }

    @Test
    void aGroupThatLibvirtRemovesMeanwhileIsNoFailure() throws Exception {
        Path group = unified.resolve(partition.path());
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> libvirt = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                makeAndRemove(group, IntStream.range(0, 20).mapToObj(i -> group.resolve("qemu/vcpu" + i)).toList());
            }
        });
        try {
            for (int i = 0; i < 2000; i++) {
                partition.remove();
            }
        } finally {
            done.set(true);
        }
        libvirt.join();
        assertThat(partition.remove()).isEmpty();
    }

    private static void makeAndRemove(Path group, List<Path> children) {
        try {
            for (Path child : children) {
                Files.createDirectories(child);
            }
            for (Path child : children) {
                Files.deleteIfExists(child);
            }
            Files.deleteIfExists(group.resolve("qemu"));
        } catch (IOException e) {
            // The other side was quicker.
        }
    }

    @Test
    void whatCannotBeRemovedIsNamed() throws IOException {
        Path group = Files.createDirectories(unified.resolve(partition.path()));
        Files.createFile(group.resolve("a file, which no control group has"));
        assertThat(partition.remove()).singleElement().asString().contains(group.toString());
    }

    @Test
    void partitionsOfAServerAreListedAndItsOwnGoesWhenItIsEmpty() throws IOException {
        Files.createDirectories(unified.resolve(partition.path()));
        Files.createDirectories(unified.resolve("machine/agrt-b.partition/agrt-b-s01.partition"));
        ControlGroups groups = new ControlGroups(List.of(new ControlGroups.Hierarchy.Unified(unified)));
        assertThat(new PlainPartitions(groups, "a").present()).containsExactly("agrt-a-s01");
        assertThat(new PlainPartitions(groups, "c").present()).isEmpty();
        partition.remove();
        new PlainPartitions(groups, "a").removeParent();
        assertThat(unified.resolve("machine/agrt-a.partition")).doesNotExist();
        assertThat(unified.resolve("machine/agrt-b.partition")).exists();
    }

    @Test
    void aGroupThatCountsNothingSaysNothing() throws IOException {
        assertThat(partition.cpuNanos()).isZero();
        assertThat(partition.anonymousBytes()).isEmpty();
    }

    @Test
    void aProcessCountsWhereItsUnifiedOrCpuacctGroupIsInside() {
        assertThat(partition.counts("1:cpu:/\n0::/machine/agrt-a.partition/agrt-a-s01.partition/qemu-1/emulator")).isTrue();
        assertThat(partition.counts("2:cpu,cpuacct:/machine/agrt-a.partition/agrt-a-s01.partition/q\n0::/")).isTrue();
        assertThat(partition.counts("4:memory:/machine/agrt-a.partition/agrt-a-s01.partition/q\n0::/")).isFalse();
    }

    @Test
    void hierarchiesAreFoundAmongTheMounts() {
        ControlGroups groups = ControlGroups.parse(List.of("tmpfs /sys/fs/cgroup tmpfs rw 0 0",
                "cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0", "cgroup /sys/fs/cgroup/systemd cgroup rw,name=systemd 0 0",
                "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0"));
        assertThat(groups.hierarchies()).containsExactly(
                new ControlGroups.Hierarchy.Legacy(Path.of("/sys/fs/cgroup/cpu,cpuacct"), List.of("cpu", "cpuacct")),
                new ControlGroups.Hierarchy.Unified(Path.of("/sys/fs/cgroup/unified")));
    }
}
