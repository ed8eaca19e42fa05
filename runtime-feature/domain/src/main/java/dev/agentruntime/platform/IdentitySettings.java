package dev.agentruntime.platform;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;

/**
 * How callers are told apart.
 *
 * @param tenantClaim the claim of a token that names its caller's tenant
 */
public record IdentitySettings(String tenantClaim) {

    /** Reads the attributes that identity has of {@code <agentRuntime>}. */
    public static IdentitySettings read(Attributes own) {
        return new IdentitySettings(own.text("tenantClaim", "tenant"));
    }

    /** Adds these settings to the configuration in force. */
    public void describe(Effective effective) {
        effective.add("tenantClaim", tenantClaim);
    }
}
