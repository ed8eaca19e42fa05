package dev.agentruntime.api;

import java.util.Optional;

/**
 * Tokens that say for whom an agent acts in one session. A room registers this as an OSGi service; where there is none, agents have no
 * such tokens. Thread-safe.
 */
public interface SessionTokens {

    /** Where Liberty applications look this up. */
    String JNDI_NAME = "agent/tokens";

    /**
     * A new token, which is good in this session and nowhere else. It is for its owner, whoever else may use the session. Does not block.
     *
     * @param session as it stands
     * @param caller  for whom its agent is invoked now
     * @param own     the caller's own token, verified, by which the room may act on the owner's behalf while the session lives. It goes to
     *                no guest. Empty where the caller came with none
     * @return empty where that is not its owner, or where no token can be made
     */
    Optional<String> token(SessionView session, Subject caller, Optional<String> own);
}
