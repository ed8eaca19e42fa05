package dev.agentruntime.client;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A credential provider, without its secret. A list has its name, ARN, vendor and times only.
 *
 * @param json all that the server says of it
 */
public record ProviderInfo(ProviderType type, JsonObject json) {

    public String name() {
        return json.getString("name", "");
    }

    public String arn() {
        return json.getString("credentialProviderArn", "");
    }

    /** Empty for an API key's. */
    public String vendor() {
        return json.getString("credentialProviderVendor", "");
    }

    /** Of OAuth2: client, servers and how the client shows who it is; otherwise empty. */
    public JsonObject settings() {
        return json.get("oauth2ProviderConfigOutput") instanceof JsonObject output
                ? output.values().stream().filter(JsonObject.class::isInstance).map(JsonValue::asJsonObject).findFirst().orElse(JsonValue.EMPTY_JSON_OBJECT)
                : JsonValue.EMPTY_JSON_OBJECT;
    }

    /** Where its vendor sends users back to, which is to be registered there; empty where the server does not know how browsers reach it. */
    public String callbackUrl() {
        return json.getString("callbackUrl", "");
    }

    /** {@code MANAGED} where the vault has its secret, {@code EXTERNAL} where that is elsewhere. */
    public String secretSource() {
        return json.getString(type == ProviderType.API_KEY ? "apiKeySecretSource" : "clientSecretSource", "");
    }

    /** That may use it; all may where there are none. */
    public List<String> workloads() {
        return Members.texts(json, "allowedWorkloads");
    }

    /** Whether it is of server.xml, and not changed by this API. */
    public boolean readOnly() {
        return json.getBoolean("readOnly", false);
    }

    public Optional<Instant> createdAt() {
        return Members.time(json, "createdTime");
    }

    public Optional<Instant> updatedAt() {
        return Members.time(json, "lastUpdatedTime");
    }
}
