package dev.agentruntime.identity;

import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.List;

/**
 * A credential provider, without its secret.
 *
 * @param vendor    as AgentCore names it; empty text of one for API keys
 * @param settings  what is told of it beside; an empty object of one for API keys
 * @param workloads which may use it; all where the list is empty
 * @param home      where it is changed
 */
record Provider(ProviderKind kind, String name, String vendor, JsonObject settings, List<String> workloads, SecretPlace secret, Home home,
        Instant createdAt, Instant updatedAt) {

    /** Where a provider comes from, and is changed. */
    enum Home { API, SERVER_XML }

    boolean isOpenTo(String workload) {
        return workloads.isEmpty() || workloads.contains(workload);
    }
}
