package dev.agentruntime.client;

import jakarta.json.JsonObject;

/**
 * An endpoint of an agent runtime.
 *
 * @param json all that the server says of it
 */
public record EndpointInfo(JsonObject json) {

    public String name() {
        return json.getString("name", "");
    }

    /** The version that it is to lead to. */
    public String target() {
        return json.getString("targetVersion", "");
    }

    /** The version on which sessions begin now; empty where there is none yet. */
    public String live() {
        return json.getString("liveVersion", "");
    }

    public String status() {
        return json.getString("status", "");
    }

    public Progress progress() {
        return Progress.of(status());
    }

    /** Empty unless it failed. */
    public String failure() {
        return json.getString("failureReason", "");
    }
}
