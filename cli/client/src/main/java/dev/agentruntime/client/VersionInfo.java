package dev.agentruntime.client;

import jakarta.json.JsonObject;

/**
 * A version of an agent runtime, as the control API shows it.
 *
 * @param json all that the server says of it
 */
public record VersionInfo(JsonObject json) {

    public String id() {
        return json.getString("agentRuntimeId", "");
    }

    public String arn() {
        return json.getString("agentRuntimeArn", "");
    }

    public String name() {
        return json.getString("agentRuntimeName", "");
    }

    public String number() {
        return json.getString("agentRuntimeVersion", "");
    }

    public Progress progress() {
        return Progress.of(json.getString("status", ""));
    }

    public String status() {
        return json.getString("status", "");
    }

    /** Empty unless it failed. */
    public String failure() {
        return json.getString("failureReason", "");
    }

    /** {@code sha256:} and the digest of its WAR. */
    public String digest() {
        return json.getString("artifactDigest", "");
    }

    public String updatedAt() {
        return json.getString("lastUpdatedAt", "");
    }

    /** Whether it is of server.xml or of the drop-in folder, and not changed by this API. */
    public boolean readOnly() {
        return json.getBoolean("readOnly", false);
    }
}
