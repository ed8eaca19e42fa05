package dev.agentruntime.spi;

import dev.agentruntime.api.MeterSource;

/**
 * What a VM has used since it was created.
 *
 * @param cpuNanos    CPU of every thread of the VM's process, in nanoseconds; never falls
 * @param vcpuNanos   of that, what the threads of its virtual processors are known to have used; never falls
 * @param memoryBytes memory the host holds for this VM alone at this moment; pages shared with its template do not count
 * @param source      where the figures come from
 */
public record MeterReading(long cpuNanos, long vcpuNanos, long memoryBytes, MeterSource source) {

    /** One that does not know the virtual processors' share. */
    public MeterReading(long cpuNanos, long memoryBytes, MeterSource source) {
        this(cpuNanos, 0, memoryBytes, source);
    }
}
