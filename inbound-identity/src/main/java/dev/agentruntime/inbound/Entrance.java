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
        NOTHING,
        /** Nothing, while it is not known what will. */
        NOT_YET
    }

    static final Entrance STANDARD = new Entrance(Taken.BOTH, Optional.empty());
    static final Entrance SHUT = new Entrance(Taken.NOTHING, Optional.empty());
    static final Entrance NOT_KNOWN_YET = new Entrance(Taken.NOT_YET, Optional.empty());

    @Override
    public String toString() {
        return switch (taken) {
            case BOTH -> "the server's tokens and signatures of access keys";
            case TOKEN -> "the server's tokens only";
            case SIGNATURE -> "signatures of access keys only";
            case OWN_ISSUER -> rules.map(TokenRules::toString).orElseThrow() + " only";
            case NOTHING -> "nobody until its attribute inbound or its <customJwtAuthorizer> is corrected";
            case NOT_YET -> "nobody until it is known whom it lets in";
        };
    }
}
