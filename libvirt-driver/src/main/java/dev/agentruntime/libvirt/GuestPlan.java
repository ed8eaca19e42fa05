package dev.agentruntime.libvirt;

import java.time.Duration;

/**
 * A guest to start.
 *
 * @param host         how this host runs it
 * @param image        what it boots
 * @param memoryBytes  its memory, whole MiB
 * @param vcpus        its processors
 * @param hearsItsEnd  whether its agent may do something at the end of its session, and is told
 * @param addsFeatures whether its server has features besides those of every guest
 */
record GuestPlan(HostProfile host, GuestImage image, long memoryBytes, int vcpus, boolean hearsItsEnd, boolean addsFeatures) {

    /** How long a boot to a started server may take: a minute under TCG with an idle host, several under load, and the like under a slow KVM. */
    Duration bootLimit() {
        return host.verdict().isQuick() ? Duration.ofMinutes(2) : Duration.ofMinutes(10);
    }

    Duration deployLimit() {
        return host.verdict().isQuick() ? Duration.ofMinutes(2) : Duration.ofMinutes(5);
    }
}
