package dev.agentruntime.spi;

/**
 * An agent version of which a template is to be made.
 *
 * @param runtime     the agent runtime's name
 * @param artifact    what it is made of
 * @param memoryBytes the guest's memory
 * @param vcpus       the guest's processors
 * @param paths       where the artifact is reached
 * @param additions   to the guest's server; the driver adds what the artifact shows to need
 */
public record AgentSpec(String runtime, Artifact artifact, long memoryBytes, int vcpus, AgentPaths paths, Additions additions) {

    /** Of which nothing is said but what it is made of. */
    public AgentSpec(String runtime, Artifact artifact, long memoryBytes, int vcpus) {
        this(runtime, artifact, memoryBytes, vcpus, AgentPaths.STANDARD, Additions.NONE);
    }
}
