package dev.agentruntime.identity;

import dev.agentruntime.spi.SessionFacts;
import java.time.Instant;
import java.util.Optional;

/**
 * For whom a workload acts, as a workload access token says.
 *
 * @param since   when the workload identity was made: one of the same name that is made later is another
 * @param issuer  of the user; empty text where it acts for itself
 * @param subject of the user; empty text where it acts for itself
 * @param until   when the token is no longer taken; empty where it is as long as its session lives
 * @param session outside which the token is good for nothing; empty where it is good anywhere
 */
record Acting(String workload, Instant since, String issuer, String subject, Optional<Instant> until, Optional<InSession> session) {

    /** In the place of an issuer, for users whom an application names; no token can have it. */
    static final String NAMED = "urn:agent-runtime:user-ids";

    /** A session; its id alone may be used again. */
    record InSession(String id, Instant createdAt) {}

    /** What the agent of a session acts as there: for its owner. */
    static Acting in(SessionFacts session, Instant since, Optional<Instant> until) {
        return new Acting(session.runtime(), since, session.owner().issuer(), session.owner().name(), until,
                Optional.of(new InSession(session.sessionId(), session.createdAt())));
    }

    /** Whether a token that says this was made for that session, and for its owner. */
    boolean isOf(SessionFacts guest) {
        return equals(in(guest, since, until));
    }

    /** For logs. */
    String text() {
        return (subject.isEmpty() ? workload + " for itself" : workload + " for " + subject + " of " + issuer)
                + session.map(own -> " in session " + own.id()).orElse("");
    }
}
