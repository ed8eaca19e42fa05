package dev.agentruntime.api;

/** The instruments that read what a VM has used, the best first. */
public enum MeterSource {
    /** The VM's parent control group: exact, and readable after the VM has died. */
    CGROUP,
    /** The VM's process or the hypervisor's statistics: gone with the VM, so a last reading may be from before its death. */
    HYPERVISOR
}
