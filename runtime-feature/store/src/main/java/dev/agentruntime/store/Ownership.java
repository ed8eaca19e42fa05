package dev.agentruntime.store;

import dev.agentruntime.api.Subject;
import java.time.Instant;

/** Whose a session id is to be, and since when. */
record Ownership(Id id, Subject owner, String serverId, Instant since) {

    /** A session id in its agent runtime. */
    record Id(String runtime, String sessionId) {}
}
