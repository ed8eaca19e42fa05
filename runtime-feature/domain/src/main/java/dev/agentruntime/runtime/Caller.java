package dev.agentruntime.runtime;

/**
 * Who asks, as a verified token says.
 *
 * @param subject the token's issuer and subject
 * @param admin   whether sessions of others are open to this caller
 */
public record Caller(Subject subject, boolean admin) {

    /** Whether this caller may use or see a session that {@code owner} began. */
    public boolean mayUse(Subject owner) {
        return admin || subject.equals(owner);
    }
}
