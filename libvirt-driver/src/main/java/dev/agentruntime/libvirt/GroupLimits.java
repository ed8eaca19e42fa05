package dev.agentruntime.libvirt;

import dev.agentruntime.spi.VmLimits;
import java.util.List;

/**
 * The limits of one VM's control group, in the units of the kernel (Documentation/admin-guide/cgroup-v2.rst and cgroup-v1).
 *
 * @param cpuWeight   1 to 10,000; 100 is usual
 * @param cpuMicros   time that all its threads may use in each {@link #PERIOD_MICROS}
 * @param memoryBytes all that is charged to it
 * @param tasks       processes and threads
 * @param ioWeight    1 to 10,000; 100 is usual
 */
record GroupLimits(int cpuWeight, long cpuMicros, long memoryBytes, int tasks, int ioWeight) {

    /** The kernel's own. */
    static final long PERIOD_MICROS = 100_000;

    private static final int MOST_WEIGHT = 10_000;

    /** What is limited, in words for people. */
    enum Kind {
        CPU_SHARE("CPU share"), CPU_CEILING("CPU ceiling"), MEMORY("memory"), TASKS("threads"), IO_SHARE("I/O share");

        final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /**
     * One way to set a limit: files that are written one after the other, if the last is there.
     *
     * @param kind  what it limits
     * @param files each with its content
     */
    record Setting(Kind kind, List<Content> files) {

        Setting(Kind kind, String name, Object content) {
            this(kind, List.of(new Content(name, content)));
        }
    }

    /** A file and what is written into it. */
    record Content(String name, String text) {

        Content(String name, Object text) {
            this(name, text.toString());
        }
    }

    static GroupLimits of(VmLimits limits, long guestBytes, int vcpus) {
        return new GroupLimits(
                weight(limits.cpuShare() * (long) vcpus),
                limits.cpuCeiling() * PERIOD_MICROS / 100 * vcpus,
                guestBytes + limits.memoryOverheadBytes(),
                limits.tasks(),
                limits.ioShare());
    }

    /** The same with half the share of processors: where they are short, those that serve somebody come first, and this one still gets on. */
    GroupLimits behindOthers() {
        return new GroupLimits(weight(cpuWeight / 2), cpuMicros, memoryBytes, tasks, ioWeight);
    }

    private static int weight(long wanted) {
        return (int) Math.max(1, Math.min(MOST_WEIGHT, wanted));
    }

    /** Of a group of version 2. */
    List<Setting> unified() {
        return List.of(
                new Setting(Kind.CPU_SHARE, "cpu.weight", cpuWeight),
                new Setting(Kind.CPU_CEILING, "cpu.max", cpuMicros + " " + PERIOD_MICROS),
                new Setting(Kind.MEMORY, "memory.max", memoryBytes),
                new Setting(Kind.TASKS, "pids.max", tasks),
                new Setting(Kind.IO_SHARE, "io.weight", ioWeight));
    }

    /** Of a group of version 1, in whose trees each file is in one place at most. The kernels differ in the names of I/O's. */
    List<Setting> legacy() {
        int blockWeight = Math.max(10, Math.min(1_000, ioWeight));
        return List.of(
                new Setting(Kind.CPU_SHARE, "cpu.shares", Math.max(2, cpuWeight * 1024L / 100)),
                new Setting(Kind.CPU_CEILING, List.of(new Content("cpu.cfs_period_us", PERIOD_MICROS), new Content("cpu.cfs_quota_us", cpuMicros))),
                new Setting(Kind.MEMORY, "memory.limit_in_bytes", memoryBytes),
                new Setting(Kind.TASKS, "pids.max", tasks),
                new Setting(Kind.IO_SHARE, "blkio.bfq.weight", blockWeight),
                new Setting(Kind.IO_SHARE, "blkio.weight", blockWeight));
    }

    /** As systemd names them. */
    List<String> properties() {
        return List.of("CPUWeight=" + cpuWeight, "CPUQuota=" + cpuMicros * 100 / PERIOD_MICROS + "%", "MemoryMax=" + memoryBytes, "TasksMax=" + tasks,
                "IOWeight=" + ioWeight);
    }
}
