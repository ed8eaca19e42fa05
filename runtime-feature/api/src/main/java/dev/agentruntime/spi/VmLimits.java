package dev.agentruntime.spi;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;

/**
 * What the process of one VM may take of its host, its emulator included.
 *
 * @param cpuShare            the weight of each of its vCPUs where processors are short; 100 is that of any other process group
 * @param cpuCeiling          the percentage of a processor's time that it may use for each of its vCPUs
 * @param memoryOverheadBytes what it may hold beyond the memory of its guest; also part of what it is promised
 * @param tasks               how many processes and threads it may have
 * @param ioShare             its weight where disks are busy; 100 is that of any other process group
 */
public record VmLimits(int cpuShare, int cpuCeiling, long memoryOverheadBytes, int tasks, int ioShare) {

    private static final long MIB = 1L << 20;

    /**
     * A vCPU may use its processor, and the emulator's own threads half of one. QEMU holds up to 128 MiB of translated code where it
     * emulates, and some tens of MiB besides; it has a handful of threads.
     */
    public static final VmLimits USUAL = new VmLimits(100, 150, 256 * MIB, 256, 100);

    /** Reads them from {@code <agentRuntime>}. */
    static VmLimits read(Attributes own) {
        return new VmLimits(
                own.whole("vmCpuShare", USUAL.cpuShare, 1, 10_000),
                own.whole("vmCpuCeiling", USUAL.cpuCeiling, 10, 1_000),
                own.bytes("vmMemoryOverhead", USUAL.memoryOverheadBytes, 64 * MIB, 64 * 1024 * MIB),
                own.whole("vmTasks", USUAL.tasks, 32, 100_000),
                own.whole("vmIoShare", USUAL.ioShare, 1, 10_000));
    }

    /** Adds them to the configuration in force. */
    void describe(Effective effective) {
        effective.add("vmCpuShare", cpuShare).add("vmCpuCeiling", cpuCeiling).addBytes("vmMemoryOverhead", memoryOverheadBytes)
                .add("vmTasks", tasks).add("vmIoShare", ioShare);
    }
}
