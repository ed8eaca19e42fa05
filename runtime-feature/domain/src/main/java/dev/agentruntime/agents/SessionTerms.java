package dev.agentruntime.agents;

import dev.agentruntime.spi.OfferedAgent;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a version of an agent says of its sessions itself, where server.xml does not.
 *
 * @param idleTimeout without work, until a session is ended
 * @param maxLifetime of a session, busy or not
 * @param environment what a session begins with
 * @param headers     which of its callers' headers it gets besides those that every agent gets, in small letters
 */
public record SessionTerms(Optional<Duration> idleTimeout, Optional<Duration> maxLifetime, Map<String, String> environment, Set<String> headers) {

    /** Those of an agent that says nothing of its own. */
    public static final SessionTerms NONE = new SessionTerms(Optional.empty(), Optional.empty(), Map.of(), Set.of());

    public SessionTerms {
        environment = Map.copyOf(environment);
        headers = Set.copyOf(headers);
    }

    static SessionTerms of(OfferedAgent agent) {
        return new SessionTerms(Optional.of(agent.idleTimeout()), Optional.of(agent.maxLifetime()), agent.environment(), agent.headers());
    }

    /** Says nothing of the variables' values, which may be secret. */
    @Override
    public String toString() {
        return "SessionTerms[" + idleTimeout + ", " + maxLifetime + ", " + environment.keySet() + ", " + headers + "]";
    }
}
