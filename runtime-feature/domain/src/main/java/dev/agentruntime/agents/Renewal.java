package dev.agentruntime.agents;

import dev.agentruntime.agents.PreparationState.Retry;
import dev.agentruntime.spi.AgentSpec;
import java.time.Duration;
import java.time.Instant;

/**
 * A version that is to be prepared once more although its artifact is the same: its template was lost, or its sessions start
 * by booting, which a clone would spare them.
 *
 * @param artifact kept for this
 * @param retry    when it is tried next
 */
record Renewal(AgentSpec spec, StoredArtifact artifact, Retry retry) {

    /** For a preparation that the platform failed. */
    static final Backoff FIRST = new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(5));
    /** Where booting works and cloning does not, trying costs minutes of CPU, and may be in vain on this host. */
    private static final Backoff FIRST_CLONE = new Backoff(Duration.ofMinutes(1), Duration.ofHours(1));

    static Renewal ofLost(AgentVersion version, Instant now) {
        return new Renewal(version.spec(), version.artifact().retain(), new Retry(now, FIRST));
    }

    static Renewal ofBooted(AgentVersion version, Instant now) {
        return new Renewal(version.spec(), version.artifact().retain(), Retry.after(FIRST_CLONE, now));
    }

    Renewal failed(Instant now) {
        return new Renewal(spec, artifact, Retry.after(retry.next(), now));
    }
}
