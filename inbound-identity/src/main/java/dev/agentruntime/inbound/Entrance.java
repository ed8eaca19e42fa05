package dev.agentruntime.inbound;

import java.util.Optional;

/**
 * Whom an agent runtime lets in.
 *
 * @param taken what opens it
 * @param rules of its own issuer's tokens, where those open it
 */
record Entrance(Taken taken, Optional<TokenRules> rules) {

    /** What opens an agent runtime. */
    enum Taken {
        /** The server's tokens, and signatures of access keys that have the right. */
        BOTH,
        /** The server's tokens only. */
        TOKEN,
        /** Signatures only. */
        SIGNATURE,
        /** Tokens of its own issuer only. */
        OWN_ISSUER,
        /** Nothing, while its element is wrong. */
        NOTHING
    }

    static final Entrance STANDARD = new Entrance(Taken.BOTH, Optional.empty());
    static final Entrance SHUT = new Entrance(Taken.NOTHING, Optional.empty());

    @Override
    public String toString() {
        return switch (taken) {
            case BOTH -> "the server's tokens and signatures of access keys";
            case TOKEN -> "the server's tokens only";
            case SIGNATURE -> "signatures of access keys only";
            case OWN_ISSUER -> rules.map(TokenRules::toString).orElseThrow() + " only";
            case NOTHING -> "nobody until its <customJwtAuthorizer> is corrected";
        };
    }
}
