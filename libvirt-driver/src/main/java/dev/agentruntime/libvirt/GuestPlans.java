package dev.agentruntime.libvirt;

/** How a guest is cloned now that was cloned by an earlier run of the server. */
interface GuestPlans {

    /** Does not block for long. */
    GuestPlan of(long memoryBytes, int vcpus, boolean hearsItsEnd, boolean addsFeatures);
}
