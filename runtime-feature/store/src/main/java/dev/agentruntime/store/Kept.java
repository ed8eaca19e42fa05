package dev.agentruntime.store;

import dev.agentruntime.api.SnapshotKey;
import dev.agentruntime.api.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a later run of the server needs to go on with a session that serves, besides its record.
 *
 * @param tenant      its owner's
 * @param agent       how its agent's version is used
 * @param idleTimeout how long it may be idle, where that was changed for it alone
 * @param meteredAt   when its last reading was taken, by the wall clock; the record's usage is that of this moment
 * @param memoryBytes what it held then
 * @param baselineVcpuNanos what its VM's virtual processors had used before it began to serve
 * @param snapshot    what opens it where it is on the disk and has no VM
 */
public record Kept(Tenant tenant, Agent agent, Optional<Duration> idleTimeout, Instant meteredAt, long memoryBytes,
        long baselineVcpuNanos, Optional<SnapshotKey> snapshot) {

    /**
     * How a version of an agent is used, which stays as it was when the session began.
     *
     * @param path        where what callers send is sent
     * @param passesToken whether it has its callers' own tokens
     * @param headers     which of its callers' headers it gets besides those that every agent gets, in small letters
     * @param idleTimeout its own, without work
     * @param maxLifetime its own
     */
    public record Agent(String path, boolean passesToken, Set<String> headers, Optional<Duration> idleTimeout, Optional<Duration> maxLifetime) {

        public Agent {
            headers = Set.copyOf(headers);
        }
    }
}
