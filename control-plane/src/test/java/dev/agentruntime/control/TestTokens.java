package dev.agentruntime.control;

import jakarta.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** An identity provider of our own: one key, signed tokens. */
final class TestTokens {

    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();
    private static final int HOUR = 3600;

    private final KeyPair keys;

    TestTokens() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        keys = generator.generateKeyPair();
    }

    String publicKeyPem() {
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(keys.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    String token(String subject, String... roles) throws GeneralSecurityException {
        long now = Instant.now().getEpochSecond();
        String claims = Json.createObjectBuilder().add("iss", "https://idp.test").add("sub", subject).add("upn", subject)
                .add("groups", Json.createArrayBuilder(List.of(roles))).add("jti", UUID.randomUUID().toString())
                .add("iat", now).add("exp", now + HOUR).build().toString();
        String signed = part("{\"alg\":\"RS256\",\"typ\":\"JWT\"}") + "." + part(claims);
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(keys.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.UTF_8));
        return signed + "." + URL.encodeToString(signature.sign());
    }

    private static String part(String json) {
        return URL.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
