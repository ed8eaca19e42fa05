package dev.agentruntime.api;

import java.util.Optional;

/**
 * What goes out of the guests of sessions, while they run and for a while after. Thread-safe. Published in JNDI as
 * {@link #JNDI_NAME} where the server lets anything out.
 */
public interface SessionConnections {

    /** Where Liberty applications look this up. */
    String JNDI_NAME = "agent/connections";

    /**
     * Those of a session, of its owner's latest one under its id. Whether somebody may see them is for who asks to know: to see the
     * session is to see its connections. Empty when nothing of it is kept. Does not block.
     */
    Optional<ConnectionsView> of(SessionView session);
}
