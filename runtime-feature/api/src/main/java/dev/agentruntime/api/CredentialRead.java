package dev.agentruntime.api;

/**
 * A request for a credential, for meters.
 *
 * @param provider the credential provider; empty text where there is none of the name that was asked for, or where it is not known who asks: nobody
 *                 can make up names for meters
 */
public record CredentialRead(String provider, Outcome outcome) {

    /** How it ended. */
    public enum Outcome {
        /** It was given. */
        GIVEN,
        /** The user has to consent first. */
        CONSENT,
        /** It is not there, or not for who asked, or the provider refuses it. */
        REFUSED,
        /** The platform or the provider failed. */
        FAILED
    }
}
