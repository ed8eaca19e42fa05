package dev.agentruntime.identity;

import java.time.Instant;

/**
 * For whom a workload acts, as a workload access token says.
 *
 * @param issuer  of the user; empty text where it acts for itself
 * @param subject of the user; empty text where it acts for itself
 * @param until   when the token is no longer taken
 */
record Acting(String workload, String issuer, String subject, Instant until) {

    /** In the place of an issuer, for users whom an application names; no token can have it. */
    static final String NAMED = "urn:agent-runtime:user-ids";

    /** For logs. */
    String text() {
        return subject.isEmpty() ? workload + " for itself" : workload + " for " + subject + " of " + issuer;
    }
}
