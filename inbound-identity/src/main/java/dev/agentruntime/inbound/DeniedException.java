package dev.agentruntime.inbound;

import dev.agentruntime.api.InboundVerdict.Refused;
import java.util.Optional;

/** A caller is refused, with the answer that AWS's clients know. */
final class DeniedException extends RuntimeException {

    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final transient Refused refusal;

    DeniedException(Refused refusal) {
        super(refusal.message());
        this.refusal = refusal;
    }

    Refused refusal() {
        return refusal;
    }

    static DeniedException malformed(String why) {
        return of(BAD_REQUEST, "IncompleteSignatureException", why);
    }

    static DeniedException twice(String why) {
        return of(BAD_REQUEST, "ValidationException", why);
    }

    static DeniedException unknownKey(String why) {
        return of(FORBIDDEN, "UnrecognizedClientException", why);
    }

    static DeniedException wrongSignature(String why) {
        return of(FORBIDDEN, "InvalidSignatureException", why);
    }

    static DeniedException expired(String why) {
        return of(FORBIDDEN, "ExpiredTokenException", why);
    }

    static DeniedException notAllowed(String why) {
        return of(FORBIDDEN, "AccessDeniedException", why);
    }

    /** A token that is none, or none of this agent runtime's. */
    static DeniedException noToken(String why) {
        return new DeniedException(new Refused(UNAUTHORIZED, "UnauthorizedException", why, Optional.of("Bearer realm=\"agents\"")));
    }

    static DeniedException wrongToken(String why) {
        return new DeniedException(
                new Refused(UNAUTHORIZED, "UnauthorizedException", why, Optional.of("Bearer realm=\"agents\", error=\"invalid_token\"")));
    }

    /** A good token of somebody who may not. */
    static DeniedException tokenMayNot(String why) {
        return new DeniedException(
                new Refused(FORBIDDEN, "AccessDeniedException", why, Optional.of("Bearer realm=\"agents\", error=\"insufficient_scope\"")));
    }

    /** The server is not ready to tell. */
    static DeniedException notYet(String why) {
        return of(503, "InternalServerException", why);
    }

    /** It is not the caller's fault. */
    static DeniedException cannotTell(String why) {
        return of(500, "InternalServerException", why);
    }

    private static DeniedException of(int status, String type, String why) {
        return new DeniedException(new Refused(status, type, why));
    }
}
