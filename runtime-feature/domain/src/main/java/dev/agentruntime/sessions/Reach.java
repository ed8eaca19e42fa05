package dev.agentruntime.sessions;

/** How far a call to the hypervisor came that failed. */
enum Reach {

    /** The hypervisor does not answer now; nothing is wrong with the VM, and the same call may succeed later. */
    AWAY,

    /** The hypervisor answered, and the answer was no. */
    FINAL
}
