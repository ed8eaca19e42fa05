package dev.agentruntime.identity;

import java.time.Instant;
import java.util.List;

/**
 * A consent that a user is asked for. What of it is secret is in the vault.
 *
 * @param id        a digest of its session URI, which alone finds it again
 * @param state     a digest of the state that the provider sends back
 * @param place     for what the token is to be, as slots have it
 * @param returnUrl where the user's browser goes when the provider is done with it
 * @param changed   when it came to its step
 */
record Consent(String id, String state, String workload, String issuer, String subject, String provider, List<String> place, String returnUrl, Step step,
        Instant created, Instant changed, Instant expires) {

    /** How far it has come. */
    enum Step {
        /** The user was sent to the provider. */
        BEGUN,
        /** The provider has sent a code, which is not used before the application says who came back. */
        CODE,
        /** The code is being exchanged. */
        TAKEN,
        /** The grant is in the vault. */
        DONE,
        /** The user or the provider has refused, or the code was of no use. */
        FAILED
    }

    /** Where its secrets are. */
    Slot secrets() {
        return new Slot(Slot.Kind.CONSENT, workload, issuer, subject, provider, List.of(id));
    }

    /** Where its grant is to be. */
    Slot grant() {
        return new Slot(Slot.Kind.GRANT, workload, issuer, subject, provider, place);
    }

    boolean isOf(String whoseIssuer, String whoseSubject) {
        return issuer.equals(whoseIssuer) && subject.equals(whoseSubject);
    }

    boolean hasExpired(Instant now) {
        return !now.isBefore(expires);
    }
}
