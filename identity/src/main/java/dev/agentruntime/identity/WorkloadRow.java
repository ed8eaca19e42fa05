package dev.agentruntime.identity;

import java.time.Instant;
import java.util.List;

/**
 * A workload identity.
 *
 * @param returnUrls to which browsers may be sent back
 */
record WorkloadRow(String name, Origin origin, List<String> returnUrls, Instant createdAt, Instant updatedAt) {

    WorkloadRow with(List<String> urls, Instant now) {
        return new WorkloadRow(name, origin, urls, createdAt, now);
    }
}
