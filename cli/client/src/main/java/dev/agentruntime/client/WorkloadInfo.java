package dev.agentruntime.client;

import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A workload identity. A list has its name and its ARN only.
 *
 * @param json all that the server says of it
 */
public record WorkloadInfo(JsonObject json) {

    public String name() {
        return json.getString("name", "");
    }

    public String arn() {
        return json.getString("workloadIdentityArn", "");
    }

    /** To which users may be sent back after they have consented. */
    public List<String> returnUrls() {
        return Members.texts(json, "allowedResourceOauth2ReturnUrls");
    }

    public Optional<Instant> createdAt() {
        return Members.time(json, "createdTime");
    }

    public Optional<Instant> updatedAt() {
        return Members.time(json, "lastUpdatedTime");
    }
}
