package dev.agentruntime.spi;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.Subject;
import java.util.Optional;

/**
 * A room that takes part in sessions, such as the way out: it gives a guest what it needs from the platform and takes the streams that
 * the guest opens. Registered as an OSGi service, at any time: a room that comes late joins the sessions that live, those of an earlier
 * run of the server among them. Thread-safe.
 */
public interface SessionRoom {

    /** For messages, and for the order in which rooms are asked. Does not block. */
    String name();

    /**
     * A session is asked for. Called before it is there, perhaps more than once; does not block.
     *
     * @param runtime whose session it would be
     * @param owner   who would own it; empty where that is not known yet
     * @throws RequestException none of these may begin now; its caller is told why
     */
    default void admit(String runtime, Optional<Subject> owner) {}

    /**
     * A session is about to begin, or to go on, or lives already when this room comes; then its part is told that it is
     * {@linkplain SessionPart#resumed resumed}. Called once for each, on a thread that holds up nobody else but the session's caller.
     *
     * @throws RuntimeException the session cannot begin; its caller is told the message. One of an earlier run is ended for it; one that
     *                          has begun without this room goes on so
     */
    SessionPart join(SessionFacts session);
}
