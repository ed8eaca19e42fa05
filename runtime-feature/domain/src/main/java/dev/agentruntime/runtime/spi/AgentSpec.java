package dev.agentruntime.runtime.spi;

import java.nio.file.Path;

/**
 * An agent version to make ready.
 *
 * @param runtime     the agent runtime's name
 * @param war         the WAR; not changed while it is being prepared
 * @param digest      SHA-256 of the WAR in lower-case hexadecimal
 * @param memoryBytes the guest's memory
 * @param vcpus       the guest's processors
 */
public record AgentSpec(String runtime, Path war, String digest, long memoryBytes, int vcpus) {}
