package dev.agentruntime.api;

/**
 * Who asks, as a verified token says.
 *
 * @param subject the token's issuer and subject
 * @param tenant  whose member the subject is
 * @param admin   whether sessions of others are open to this caller
 */
public record Caller(Subject subject, Tenant tenant, boolean admin) {

    /** A caller whose token names no tenant: one of its own. */
    public Caller(Subject subject, boolean admin) {
        this(subject, subject.alone(), admin);
    }

    /** A caller whose token says that it belongs to the issuer's tenant of this name. */
    public static Caller of(Subject subject, String tenant, boolean admin) {
        return new Caller(subject, new Tenant(subject.issuer(), Tenant.Kind.NAMED, tenant), admin);
    }

    /** Whether this caller may use or see a session that {@code owner} began. */
    public boolean mayUse(Subject owner) {
        return admin || subject.equals(owner);
    }
}
