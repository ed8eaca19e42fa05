package dev.agentruntime.api;

import java.util.Optional;

/**
 * The logs of sessions, while they run and for a while after. Thread-safe. Published in JNDI as {@link #JNDI_NAME} where the server
 * keeps them.
 */
public interface SessionLogs {

    /** Where Liberty applications look this up. */
    String JNDI_NAME = "agent/logs";

    /**
     * The log of a session, the latest one of its owner's under its id. Whether somebody may read it is for who asks to know: to
     * see the session is to see its log. Empty when nothing of it is kept. Does not block.
     */
    Optional<SessionLog> of(SessionView session);
}
