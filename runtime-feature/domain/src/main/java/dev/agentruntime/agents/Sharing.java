package dev.agentruntime.agents;

/** Which sessions of an agent version may have memory pages of its template in common. */
public enum Sharing {
    /** All of them. */
    VERSION,
    /** Those of one tenant: each tenant has a copy of the template. No VM waits in a pool, because such a VM has no tenant yet. */
    TENANT
}
