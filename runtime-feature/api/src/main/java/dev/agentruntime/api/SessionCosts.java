package dev.agentruntime.api;

import java.util.Optional;

/** What sessions cost at the server's prices. Thread-safe. Published in JNDI as {@link #JNDI_NAME}. */
public interface SessionCosts {

    /** Where Liberty applications look this up. */
    String JNDI_NAME = "agent/costs";

    /** What {@code usage} costs at the prices in force now; empty where the server has none. Does not block. */
    Optional<Cost> of(Usage usage);
}
