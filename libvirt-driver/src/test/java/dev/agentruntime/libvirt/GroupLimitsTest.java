package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.libvirt.GroupLimits.Setting;
import dev.agentruntime.spi.VmLimits;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupLimitsTest {

    private static final long GIB = 1L << 30;

    private static List<String> written(List<Setting> settings) {
        return settings.stream().flatMap(setting -> setting.files().stream()).map(file -> file.name() + "=" + file.text()).toList();
    }

    @Test
    void theUsualOnesOfAVmWithOneVcpuAndAGibibyte() {
        GroupLimits limits = GroupLimits.of(VmLimits.USUAL, GIB, 1);
        assertThat(written(limits.unified())).containsExactly("cpu.weight=100", "cpu.max=150000 100000", "memory.max=1342177280", "pids.max=256", "io.weight=100");
        assertThat(written(limits.legacy())).containsExactly("cpu.shares=1024", "cpu.cfs_period_us=100000", "cpu.cfs_quota_us=150000",
                "memory.limit_in_bytes=1342177280", "pids.max=256", "blkio.bfq.weight=100", "blkio.weight=100");
        assertThat(limits.properties()).containsExactly("CPUWeight=100", "CPUQuota=150%", "MemoryMax=1342177280", "TasksMax=256", "IOWeight=100");
    }

    @Test
    void shareAndCeilingAreForEachVcpu() {
        GroupLimits limits = GroupLimits.of(new VmLimits(50, 120, GIB, 64, 500), 4 * GIB, 4);
        assertThat(limits).isEqualTo(new GroupLimits(200, 480_000, 5 * GIB, 64, 500));
        assertThat(limits.properties()).contains("CPUWeight=200", "CPUQuota=480%");
    }

    @Test
    void whatTheKernelDoesNotTakeIsBroughtIntoItsRange() {
        assertThat(GroupLimits.of(new VmLimits(10_000, 10, GIB, 64, 1), GIB, 8).cpuWeight()).isEqualTo(10_000);
        assertThat(written(GroupLimits.of(new VmLimits(1, 10, GIB, 64, 10_000), GIB, 1).legacy())).contains("cpu.shares=10", "blkio.weight=1000");
        assertThat(written(GroupLimits.of(new VmLimits(1, 10, GIB, 64, 1), GIB, 1).legacy())).contains("blkio.weight=10");
    }

    @Test
    void whoeverStandsBehindOthersHasHalfTheShareOfProcessorsAndAllElse() {
        GroupLimits usual = GroupLimits.of(VmLimits.USUAL, GIB, 1);
        assertThat(usual.behindOthers()).isEqualTo(new GroupLimits(50, usual.cpuMicros(), usual.memoryBytes(), usual.tasks(), usual.ioWeight()));
        assertThat(GroupLimits.of(new VmLimits(1, 10, GIB, 64, 1), GIB, 1).behindOthers().cpuWeight()).as("the kernel's least").isEqualTo(1);
    }
}
