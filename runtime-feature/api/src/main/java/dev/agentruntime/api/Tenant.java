package dev.agentruntime.api;

/**
 * Whose sessions may share memory with each other, where not all may. Equal tenants are one tenant.
 *
 * @param issuer who says so: a token's {@code iss}
 * @param kind   what {@code name} names
 * @param name   the tenant's name, or that of its only member
 */
public record Tenant(String issuer, Kind kind, String name) {

    /** Keeps apart a tenant and a person of the same name. */
    public enum Kind {
        /** A tenant that the issuer names; it may have many members. */
        NAMED,
        /** One person or program, who shares with nobody. */
        ALONE
    }
}
