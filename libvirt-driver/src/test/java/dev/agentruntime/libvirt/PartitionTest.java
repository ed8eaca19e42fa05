package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionTest {

    @TempDir
    Path unified;

    private Partition partition;

    @BeforeEach
    void mount() throws IOException {
        Files.writeString(unified.resolve("cgroup.controllers"), "");
        partition = new Partition(new ControlGroups(List.of(new ControlGroups.Hierarchy.Unified(unified))), "a", "agrt-a-s01");
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
