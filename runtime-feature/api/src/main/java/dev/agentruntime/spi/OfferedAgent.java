package dev.agentruntime.spi;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * A version of an agent that a room wants prepared, and that sessions may begin on.
 *
 * @param name        unique among all agents; letters, digits, '_', '-' and '.', and at least one '.', which no configured name has
 * @param location    its WAR; not changed while it is offered
 * @param memoryBytes its guests' memory
 * @param paths       where its WAR is reached
 * @param passesToken whether it is to have its callers' own tokens
 * @param headers     which of its callers' headers it gets besides those that every agent gets, in small letters
 * @param idleTimeout without work, until a session is ended
 * @param maxLifetime of a session, busy or not
 * @param environment what its sessions begin with; never part of what is prepared
 */
public record OfferedAgent(String name, Path location, long memoryBytes, AgentPaths paths, boolean passesToken, Set<String> headers,
        Duration idleTimeout, Duration maxLifetime, Map<String, String> environment) {

    public OfferedAgent {
        headers = Set.copyOf(headers);
        environment = Map.copyOf(environment);
    }

    /** Says nothing of the variables' values, which may be secret. */
    @Override
    public String toString() {
        return "OfferedAgent[" + name + ", " + location + "]";
    }
}
