package dev.agentruntime.spi;

import dev.agentruntime.api.RequestException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A room that makes agent runtimes, such as the control plane, beside those of server.xml and of the drop-in folder. Registered as an
 * OSGi service. Thread-safe; no method blocks.
 */
public interface AgentOffers {

    /** Every agent that is offered now; empty while that is not known yet. */
    Optional<List<OfferedAgent>> offered();

    /** The names of the agent runtimes that there are of this room, other than those of single agents; empty while that is not known yet. */
    default Optional<Set<String>> runtimes() {
        return Optional.of(Set.of());
    }

    /**
     * The name of the offered agent on which a session of {@code runtime} begins now; empty where the runtime is not this room's.
     *
     * @param runtime   as callers name it
     * @param qualifier the endpoint that they name; empty text for the standard one
     * @throws RequestException the runtime has no such endpoint: of kind NOT_FOUND; nothing serves under it, since its version could
     *                          not be prepared: of kind AGENT
     */
    Optional<String> serving(String runtime, String qualifier);

    /**
     * The runtime that callers mean by another of its names: one of this room's, or a configured one that the room shows under a name of
     * its own. Empty where {@code given} is none of these.
     */
    Optional<String> meant(String given);
}
