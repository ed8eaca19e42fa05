package dev.agentruntime.api;

/**
 * Who asks, as a verified token or signature says.
 *
 * @param subject the token's issuer and subject
 * @param tenant  whose member the subject is
 * @param admin   whether sessions of others are open to this caller
 * @param granted whether this caller was let in to an operation by a right to it, as access keys are, and not by a role
 */
public record Caller(Subject subject, Tenant tenant, boolean admin, boolean granted) {

    /** Somebody of whom nothing is known, and who may do nothing that needs a role. */
    public static final Caller NOBODY = new Caller(new Subject("urn:agent-runtime:nobody", ""), false);

    /** A caller with a role. */
    public Caller(Subject subject, Tenant tenant, boolean admin) {
        this(subject, tenant, admin, false);
    }

    /** A caller whose token names no tenant: one of its own. */
    public Caller(Subject subject, boolean admin) {
        this(subject, subject.alone(), admin);
    }

    /** The same with a right to what it asks for. */
    public Caller withRight() {
        return new Caller(subject, tenant, admin, true);
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
