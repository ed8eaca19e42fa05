package dev.agentruntime.inbound;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Subject;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.security.Key;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.UnresolvableKeyException;

/** Judges tokens by the rules of one agent runtime. Thread-safe. */
final class TokenJudge {

    static final int MOST_CHARACTERS = 16 * 1024;
    static final int SKEW_SECONDS = 60;

    private static final List<String> TYPES = List.of("jwt", "at+jwt", "application/at+jwt");
    private static final String[] ALGORITHMS = {
        AlgorithmIdentifiers.RSA_USING_SHA256, AlgorithmIdentifiers.RSA_USING_SHA384, AlgorithmIdentifiers.RSA_USING_SHA512,
        AlgorithmIdentifiers.RSA_PSS_USING_SHA256, AlgorithmIdentifiers.RSA_PSS_USING_SHA384, AlgorithmIdentifiers.RSA_PSS_USING_SHA512,
        AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256, AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384,
        AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512};

    private final TokenRules rules;
    private final Issuer issuer;
    private final Supplier<String> tenantClaim;
    private final Clock clock;
    private final KnownTokens known;
    /** By which what is known is this judge's: a judge that is forgotten is not kept for it. */
    private final Object name = new Object();

    /**
     * @param tenantClaim the claim that names a caller's tenant
     * @param known       what is remembered of tokens, of other judges' too
     */
    TokenJudge(TokenRules rules, Issuer issuer, Supplier<String> tenantClaim, Clock clock, KnownTokens known) {
        this.rules = rules;
        this.issuer = issuer;
        this.tenantClaim = tenantClaim;
        this.clock = clock;
        this.known = known;
    }

    /**
     * Whose token it is, who is nobody's administrator: that is the server's own tokens' to say.
     *
     * @throws DeniedException it opens nothing, or the issuer's keys cannot be had
     */
    Caller judge(String token) {
        if (token.length() > MOST_CHARACTERS) {
            throw DeniedException.wrongToken("The token has more than " + MOST_CHARACTERS + " characters");
        }
        IssuerKeys keys = issuer.keys();
        String claim = tenantClaim.get();
        long now = NumericDate.fromMilliseconds(clock.millis()).getValue();
        ByteBuffer digest = KnownTokens.digest(token);
        return known.find(name, digest, keys, claim, now).orElseGet(() -> judge(token, digest, keys, claim, now));
    }

    /** Where its key was found by one more look only, the next request finds it among those that are known then. */
    private Caller judge(String token, ByteBuffer digest, IssuerKeys keys, String claim, long now) {
        AtomicBoolean lookedAgain = new AtomicBoolean();
        JwtClaims claims = verified(token, keys, now, lookedAgain);
        try {
            checkRights(claims);
            Caller caller = caller(claims, claim);
            if (!lookedAgain.get()) {
                NumericDate from = claims.getNotBefore();
                known.keep(name, digest, new KnownTokens.Known(caller, new WeakReference<>(keys), claim, from == null ? Long.MIN_VALUE : from.getValue() - SKEW_SECONDS,
                        claims.getExpirationTime().getValue() + SKEW_SECONDS));
            }
            return caller;
        } catch (MalformedClaimException | IllegalArgumentException e) {
            throw DeniedException.wrongToken("The token's claims cannot be used: " + e.getMessage());
        }
    }

    private static Caller caller(JwtClaims claims, String claim) throws MalformedClaimException {
        Subject subject = new Subject(Names.checked("iss", claims.getIssuer()), Names.checked("sub", claims.getSubject()));
        return claims.getClaimValue(claim) instanceof String tenant && !tenant.isBlank()
                ? Caller.of(subject, Names.checked(claim, tenant), false) : new Caller(subject, false);
    }

    private JwtClaims verified(String token, IssuerKeys keys, long now, AtomicBoolean lookedAgain) {
        JwtConsumerBuilder consumer = new JwtConsumerBuilder()
                .setJwsAlgorithmConstraints(ConstraintType.PERMIT, ALGORITHMS)
                .setVerificationKeyResolver((signature, outer) -> key(signature, keys, lookedAgain))
                .setExpectedIssuer(true, keys.issuer())
                .setRequireSubject().setRequireExpirationTime()
                .setAllowedClockSkewInSeconds(SKEW_SECONDS)
                .setEvaluationTime(NumericDate.fromSeconds(now));
        if (rules.audiences().isEmpty()) {
            consumer.setSkipDefaultAudienceValidation();
        } else {
            consumer.setExpectedAudience(true, rules.audiences().toArray(String[]::new));
        }
        try {
            return consumer.build().processToClaims(token);
        } catch (InvalidJwtException e) {
            throw DeniedException.wrongToken("The token is not valid for this agent runtime: " + reason(e));
        } catch (StackOverflowError e) {
            throw DeniedException.wrongToken("The token is not valid for this agent runtime: it is nested too deeply");
        }
    }

    private Key key(JsonWebSignature signature, IssuerKeys keys, AtomicBoolean lookedAgain) throws UnresolvableKeyException {
        String type = signature.getHeader("typ");
        if (type != null && TYPES.stream().noneMatch(type::equalsIgnoreCase)) {
            throw new UnresolvableKeyException("its typ is neither JWT nor at+jwt");
        }
        if (signature.getHeaders().getObjectHeaderValue("crit") != null) {
            throw new UnresolvableKeyException("it has crit");
        }
        Optional<String> id = Optional.ofNullable(signature.getKeyIdHeaderValue());
        String algorithm = String.valueOf(signature.getAlgorithmHeaderValue());
        String keyType = algorithm.startsWith("ES") ? "EC" : "RSA";
        Optional<Key> key = keys.find(id, algorithm, keyType);
        lookedAgain.set(key.isEmpty());
        return key.or(() -> issuer.keysAgain().find(id, algorithm, keyType))
                .orElseThrow(() -> new UnresolvableKeyException("its issuer has no such key"));
    }

    private static String reason(InvalidJwtException e) {
        if (e.hasExpired()) {
            return "it has expired";
        }
        if (e.hasErrorCode(ErrorCodes.NOT_YET_VALID)) {
            return "it is not valid yet";
        }
        if (e.hasErrorCode(ErrorCodes.ISSUER_INVALID) || e.hasErrorCode(ErrorCodes.ISSUER_MISSING)) {
            return "it is of another issuer";
        }
        if (e.hasErrorCode(ErrorCodes.AUDIENCE_INVALID) || e.hasErrorCode(ErrorCodes.AUDIENCE_MISSING)) {
            return "it is for another audience";
        }
        if (e.hasErrorCode(ErrorCodes.EXPIRATION_MISSING) || e.hasErrorCode(ErrorCodes.SUBJECT_MISSING)) {
            return "it lacks exp or sub";
        }
        return "it is no token, or is not signed as RS, PS or ES with a key of its issuer, or names a crit or another typ";
    }

    private void checkRights(JwtClaims claims) throws MalformedClaimException {
        if (!rules.clients().isEmpty() && !(claims.getClaimValue("client_id") instanceof String client && rules.clients().contains(client))) {
            throw DeniedException.tokenMayNot("The token's client_id is none of allowedClients");
        }
        if (!rules.scopes().isEmpty() && scopes(claims.getClaimValue("scope")).stream().noneMatch(rules.scopes()::contains)) {
            throw DeniedException.tokenMayNot("The token's scope has none of allowedScopes");
        }
        for (ClaimRule rule : rules.claims()) {
            if (!rule.matches(claims.getClaimValue(rule.name()))) {
                throw DeniedException.tokenMayNot("The token's '" + rule.name() + "' is not what this agent runtime asks for");
            }
        }
    }

    private static List<String> scopes(Object claim) {
        if (claim instanceof String text) {
            return Arrays.asList(text.split(" "));
        }
        return claim instanceof List<?> all ? all.stream().filter(String.class::isInstance).map(String.class::cast).toList() : List.of();
    }
}
