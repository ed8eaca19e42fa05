package dev.agentruntime.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.PrivateKeyJWT;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** How the platform shows a provider that it is the client that is registered there. */
final class ClientProof {

    /** What an assertion says itself: whoever could say it in its place would be somebody else, or at another place or time. */
    static final Set<String> OWN_CLAIMS = Set.of("iss", "sub", "aud", "jti", "exp", "iat", "nbf", "alg", "typ", "crit", "b64");

    private static final Duration LIFETIME = Duration.ofMinutes(2);
    private static final String KEY_ID = "kid";

    private ClientProof() {}

    /**
     * For one request.
     *
     * @param secret the client secret, or the private key
     * @throws ProviderException the secret is of no use
     */
    static ClientAuthentication of(Provider provider, String secret, URI endpoint, Clock clock) {
        ClientID client = new ClientID(provider.settings().getString("clientId"));
        return switch (provider.settings().getString("clientAuthenticationMethod", "CLIENT_SECRET_BASIC")) {
            case "CLIENT_SECRET_POST" -> new ClientSecretPost(client, new Secret(secret));
            case "PRIVATE_KEY_JWT" -> assertion(provider, client, secret, endpoint, clock.instant());
            default -> new ClientSecretBasic(client, new Secret(secret));
        };
    }

    /** With which a provider's assertions are signed. */
    static JWSAlgorithm algorithm(JsonObject settings) {
        return JWSAlgorithm.parse(object(settings, "privateKeyJwtConfig").getString("signingAlgorithm", "RS256"));
    }

    private static ClientAuthentication assertion(Provider provider, ClientID client, String secret, URI endpoint, Instant now) {
        JsonObject config = object(provider.settings(), "privateKeyJwtConfig");
        JWSAlgorithm algorithm = algorithm(provider.settings());
        try {
            ClientKey key = ClientKey.parse(secret, algorithm);
            JsonObject headers = object(config, "additionalHeaderClaims");
            JWSHeader.Builder header = new JWSHeader.Builder(algorithm).type(JOSEObjectType.JWT);
            Optional.ofNullable(headers.getString(KEY_ID, null)).or(key::id).ifPresent(header::keyID);
            headers.forEach((name, value) -> {
                if (!name.equals(KEY_ID)) {
                    header.customParam(name, ((JsonString) value).getString());
                }
            });
            JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder().issuer(client.getValue()).subject(client.getValue()).audience(endpoint.toString())
                    .jwtID(UUID.randomUUID().toString()).issueTime(Date.from(now)).expirationTime(Date.from(now.plus(LIFETIME)));
            object(config, "additionalPayloadClaims").forEach((name, value) -> claims.claim(name, ((JsonString) value).getString()));
            SignedJWT signed = new SignedJWT(header.build(), claims.build());
            signed.sign(key.signer());
            return new PrivateKeyJWT(signed);
        } catch (JOSEException | IllegalArgumentException e) {
            throw new ProviderException("its private key cannot be used (" + e.getMessage() + ")", e);
        }
    }

    private static JsonObject object(JsonObject of, String member) {
        return of.get(member) instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
    }
}
