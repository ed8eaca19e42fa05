package dev.agentruntime.invocation;

import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** An identity provider of our own: one key, signed tokens. */
final class Tokens {

    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

    private final KeyPair keys;

    Tokens() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        keys = generator.generateKeyPair();
    }

    String publicKeyPem() {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(keys.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    String token(String subject, String... roles) throws GeneralSecurityException {
        return token(subject, Duration.ofHours(1), roles);
    }

    String token(String subject, Duration valid, String... roles) throws GeneralSecurityException {
        return signed(claims(subject, valid, roles));
    }

    /** For a caller that belongs to a tenant. */
    String tokenOfTenant(String subject, JsonValue tenant, String... roles) throws GeneralSecurityException {
        return signed(claims(subject, Duration.ofHours(1), roles).add("tenant", tenant));
    }

    private static JsonObjectBuilder claims(String subject, Duration valid, String... roles) {
        Instant now = Instant.now();
        return Json.createObjectBuilder()
                .add("iss", "https://idp.test").add("sub", subject).add("upn", subject)
                .add("groups", Json.createArrayBuilder(List.of(roles)))
                .add("jti", UUID.randomUUID().toString())
                .add("iat", now.getEpochSecond() - 7200).add("exp", now.plus(valid).getEpochSecond());
    }

    private String signed(JsonObjectBuilder claims) throws GeneralSecurityException {
        String signed = part("{\"alg\":\"RS256\",\"typ\":\"JWT\"}") + "." + part(claims.build().toString());
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(keys.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + URL.encodeToString(signature.sign());
    }

    private static String part(String json) {
        return URL.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
