package dev.agentruntime.runtime.spi;

/**
 * What a VM has used since it was created.
 *
 * @param cpuNanos    CPU of every thread of the VM's process, in nanoseconds; never falls
 * @param memoryBytes memory the host holds for this VM alone at this moment; pages shared with its template do not count
 * @param source      where the figures come from
 */
public record MeterReading(long cpuNanos, long memoryBytes, Source source) {

    /** The instruments, the best first. */
    public enum Source {
        /** The VM's parent control group: exact, and readable after the VM has died. */
        CGROUP,
        /** The VM's process or the hypervisor's statistics: gone with the VM, so a last reading may be from before its death. */
        HYPERVISOR
    }
}
