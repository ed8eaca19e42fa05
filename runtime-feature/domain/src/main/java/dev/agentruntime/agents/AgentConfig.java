package dev.agentruntime.agents;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One agent runtime as configured.
 *
 * @param name        its name in paths
 * @param location    its WAR
 * @param memoryBytes its guests' memory
 * @param vcpus       its guests' processors
 * @param pool        instead of the platform's
 * @param sharing     which of its sessions may have memory pages in common
 */
public record AgentConfig(
        String name, Path location, long memoryBytes, int vcpus, Optional<PoolBounds> pool, Sharing sharing) {

    /** AgentCore's rule, and '-' besides, which names of WAR files often have. */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9_-]{0,47}");

    /** What is wrong with a name, and the rule; empty when nothing is. */
    public static Optional<String> nameProblem(String name) {
        return NAME.matcher(name).matches() ? Optional.empty() : Optional.of("'" + name
                + "' is no name for an agent runtime: it must begin with a letter and may hold letters, digits, '_' and"
                + " '-', 48 characters at most.");
    }
}
