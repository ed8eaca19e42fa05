package dev.agentruntime.api;

/**
 * What is known of the hypervisor.
 *
 * @param reachable    whether it answers; one answer that is missed or late does not count yet
 * @param imagePresent whether the guest image is there and complete
 * @param description  for people: URI, version, {@code KVM} or {@code TCG} and how that was found out, how CPU is metered;
 *                     or why it is not reachable and what to do
 */
public record HypervisorStatus(boolean reachable, boolean imagePresent, String description) {}
