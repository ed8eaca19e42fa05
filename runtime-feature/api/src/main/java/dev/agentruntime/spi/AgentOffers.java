package dev.agentruntime.spi;

import dev.agentruntime.api.RequestException;
import java.util.List;
import java.util.Optional;

/**
 * A room that makes agent runtimes, such as the control plane, beside those of server.xml and of the drop-in folder. Registered as an
 * OSGi service. Thread-safe; no method blocks.
 */
public interface AgentOffers {

    /** Every agent that is offered now; empty while that is not known yet. */
    Optional<List<OfferedAgent>> offered();

    /**
     * The name of the offered agent on which a session of {@code runtime} begins now; empty where the runtime is not this room's.
     *
     * @param runtime   as callers name it
     * @param qualifier the endpoint that they name; empty text for the standard one
     * @throws RequestException the runtime has no such endpoint: of kind NOT_FOUND
     */
    Optional<String> serving(String runtime, String qualifier);
}
