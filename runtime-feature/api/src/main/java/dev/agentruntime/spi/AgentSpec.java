package dev.agentruntime.spi;

/**
 * An agent version of which a template is to be made.
 *
 * @param runtime     the agent runtime's name
 * @param artifact    what it is made of
 * @param memoryBytes the guest's memory
 * @param vcpus       the guest's processors
 */
public record AgentSpec(String runtime, Artifact artifact, long memoryBytes, int vcpus) {}
