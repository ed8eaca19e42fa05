package dev.agentruntime.agents;

import dev.agentruntime.spi.AgentPaths;
import java.nio.file.Path;
import java.util.List;
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
 * @param paths       where its WAR is reached
 * @param passesToken whether it is to have its callers' own tokens
 * @param features    features that its guests' server is to have besides those that its WAR shows to need
 * @param terms       of its sessions, where a room has offered it; what server.xml says of sessions is the sessions' own matter
 */
public record AgentConfig(
        String name, Path location, long memoryBytes, int vcpus, Optional<PoolBounds> pool, Sharing sharing, AgentPaths paths,
        boolean passesToken, List<String> features, Optional<SessionTerms> terms) {

    /** AgentCore's rule, and '-' besides, which names of WAR files often have. */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9_-]{0,47}");

    public AgentConfig {
        features = List.copyOf(features);
    }

    /** One that no room has offered. */
    public AgentConfig(String name, Path location, long memoryBytes, int vcpus, Optional<PoolBounds> pool, Sharing sharing,
            AgentPaths paths, boolean passesToken, List<String> features) {
        this(name, location, memoryBytes, vcpus, pool, sharing, paths, passesToken, features, Optional.empty());
    }

    /** One that is reached where agents are, sees no tokens and names no features. */
    public AgentConfig(String name, Path location, long memoryBytes, int vcpus, Optional<PoolBounds> pool, Sharing sharing) {
        this(name, location, memoryBytes, vcpus, pool, sharing, AgentPaths.STANDARD, false, List.of());
    }

    /** Where a file of configuration for its guests' server may lie: {@code x.server.xml} beside {@code x.war}. */
    Path configuration() {
        return beside(".server.xml");
    }

    /** Where a folder with drivers of databases may lie: {@code x.drivers} beside {@code x.war}. */
    Path drivers() {
        return beside(".drivers");
    }

    private Path beside(String suffix) {
        return location.resolveSibling(location.getFileName().toString().replaceFirst("(?i)\\.war$", "") + suffix);
    }

    /** What is wrong with a name, and the rule; empty when nothing is. */
    public static Optional<String> nameProblem(String name) {
        return NAME.matcher(name).matches() ? Optional.empty() : Optional.of("'" + name
                + "' is no name for an agent runtime: it must begin with a letter and may hold letters, digits, '_' and"
                + " '-', 48 characters at most.");
    }
}
