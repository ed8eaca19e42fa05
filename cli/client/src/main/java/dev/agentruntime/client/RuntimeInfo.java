package dev.agentruntime.client;

import jakarta.json.JsonObject;

/**
 * An agent runtime as it serves.
 *
 * @param json all that the server says of it
 */
public record RuntimeInfo(JsonObject json) {

    public String name() {
        return json.getString("name", "");
    }

    /** {@code CREATING}, {@code READY} or {@code CREATE_FAILED}. */
    public String status() {
        return json.getString("status", "");
    }

    /** What is being done, or why it failed. */
    public String statusReason() {
        return json.getString("statusReason", "");
    }

    public int liveSessions() {
        return json.getInt("liveSessions", 0);
    }

    /** VMs that wait for sessions. */
    public int pooled() {
        return json.getInt("pooled", 0);
    }
}
