package dev.agentruntime.client;

import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a user has consented to: that a workload acts for them at a provider. Without tokens.
 *
 * @param json all that the server says of it
 */
public record GrantInfo(JsonObject json) {

    public String id() {
        return json.getString("grantId", "");
    }

    public String workload() {
        return json.getString("workloadName", "");
    }

    public String provider() {
        return json.getString("resourceCredentialProviderName", "");
    }

    public String issuer() {
        return json.getString("issuer", "");
    }

    public String subject() {
        return json.getString("subject", "");
    }

    public List<String> scopes() {
        return Members.texts(json, "scopes");
    }

    public Optional<Instant> createdAt() {
        return Members.time(json, "createdAt");
    }
}
