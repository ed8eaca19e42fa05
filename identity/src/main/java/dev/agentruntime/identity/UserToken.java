package dev.agentruntime.identity;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.agentruntime.api.Subject;
import java.text.ParseException;
import java.time.Instant;
import java.util.Optional;

/**
 * A token of a user's own, which is in no text.
 *
 * @param until when it expires
 */
record UserToken(String jwt, Instant until) {

    /** Takes a token that was verified; empty where it is no JWT, is another user's than who came with it, or says of no end and is of no use later. */
    static Optional<UserToken> of(String jwt, Subject user) {
        try {
            JWTClaimsSet claims = SignedJWT.parse(jwt).getJWTClaimsSet();
            return Optional.ofNullable(claims.getExpirationTime())
                    .filter(end -> user.issuer().equals(claims.getIssuer()) && user.name().equals(claims.getSubject()))
                    .map(end -> new UserToken(jwt, end.toInstant()));
        } catch (ParseException noJwt) {
            return Optional.empty();
        }
    }

    boolean isGood(Instant now) {
        return now.isBefore(until);
    }

    @Override
    public String toString() {
        return "UserToken[until " + until + "]";
    }
}
