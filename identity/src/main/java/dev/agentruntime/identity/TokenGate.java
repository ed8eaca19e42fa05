package dev.agentruntime.identity;

import dev.agentruntime.identity.IdentityException.Kind;
import dev.agentruntime.spi.SessionFacts;

/**
 * Refuses workload access tokens where they are not good, whatever they are shown for. A token of a session is good in requests of that
 * session's own guest only, which the platform knows by the link that they come over; any other in any request of somebody with a right
 * to it, and in none of a guest. Thread-safe; blocks on the database.
 */
record TokenGate(Workloads workloads, WorkloadTokens tokens) {

    /**
     * Lets a token pass that is shown at the front door.
     *
     * @throws IdentityException it is not good here: of kind UNAUTHORIZED; its workload identity is gone: of kind NOT_FOUND
     */
    void outside(String token) {
        if (checked(token).session().isPresent()) {
            throw refused("was made for a session, and is good in that session's guest only");
        }
    }

    /**
     * Lets a token pass that a guest shows.
     *
     * @throws IdentityException it is not good here: of kind UNAUTHORIZED; its workload identity is gone: of kind NOT_FOUND
     */
    void inside(SessionFacts guest, String token) {
        if (!checked(token).isOf(guest)) {
            throw refused("was not made for this session. Use the one that the latest request to the agent came with");
        }
    }

    private Acting checked(String token) {
        Acting acting = tokens.read(token);
        if (!workloads.named(acting.workload()).createdAt().equals(acting.since())) {
            throw refused("is of a workload identity that is gone. The one of the same name that was made later needs a token of its own");
        }
        return acting;
    }

    private static IdentityException refused(String why) {
        return new IdentityException(Kind.UNAUTHORIZED, "The workload access token " + why + ".");
    }
}
