package dev.agentruntime.spi;

import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Tenant;
import java.time.Instant;

/**
 * A session that a room takes part in.
 *
 * @param sessionId unique in its agent runtime only, and may be used again when the session has ended
 * @param runtime   the agent runtime's name
 * @param version   the first digits of the SHA-256 of what its agent is made of
 * @param owner     whose it is
 * @param tenant    its owner's
 * @param createdAt when it was asked for, to the millisecond; with its id this names it for good, also after a restart of the server
 */
public record SessionFacts(String sessionId, String runtime, String version, Subject owner, Tenant tenant, Instant createdAt) {

    /** Takes the time as it is kept. */
    public SessionFacts {
        createdAt = Instant.ofEpochMilli(createdAt.toEpochMilli());
    }
}
