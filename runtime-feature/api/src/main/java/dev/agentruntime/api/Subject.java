package dev.agentruntime.api;

/**
 * A person or program as an identity provider knows it: only both parts together are unique (RFC 7519, 4.1.2).
 *
 * @param issuer the token's {@code iss}
 * @param name   the token's {@code sub}
 */
public record Subject(String issuer, String name) {

    /** The tenant whose only member this is. */
    public Tenant alone() {
        return new Tenant(issuer, Tenant.Kind.ALONE, name);
    }
}
