package dev.agentruntime.tests;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;

/** An identity provider: signs tokens and publishes its key set over HTTP, as the server under test is configured. */
final class Identity {

    static final Identity PROVIDER = new Identity(19180);

    private final String issuer;
    private final RsaJsonWebKey key;

    private Identity(int port) {
        issuer = "http://localhost:" + port + "/agents";
        try {
            key = RsaJwkGenerator.generateJwk(2048);
            key.setKeyId("tests");
            byte[] keys = new JsonWebKeySet(key).toJson().getBytes(StandardCharsets.UTF_8);
            HttpServer server = HttpServer.create(new InetSocketAddress("localhost", port), 0);
            server.createContext("/agents/jwks", exchange -> {
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, keys.length);
                exchange.getResponseBody().write(keys);
                exchange.close();
            });
            server.start();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String issuer() {
        return issuer;
    }

    /** A token as an invoker of agents gets it. */
    String invoker(String name) {
        return token(name, "agent-invoker", 60);
    }

    String admin() {
        return token("root", "agent-admin", 60);
    }

    String expired(String name) {
        return token(name, "agent-invoker", -60);
    }

    String withGroup(String name, String group) {
        return token(name, group, 60);
    }

    /** As most providers make them: without the claim {@code upn}. */
    String onlyWithSubject(String name) {
        JwtClaims claims = claims(name, "agent-invoker", 60);
        claims.unsetClaim("upn");
        return signed(claims);
    }

    private String token(String name, String group, int minutes) {
        return signed(claims(name, group, minutes));
    }

    private JwtClaims claims(String name, String group, int minutes) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(issuer);
        claims.setAudience("agent-runtime");
        claims.setSubject(name);
        claims.setStringClaim("upn", name);
        claims.setStringListClaim("groups", List.of(group));
        claims.setIssuedAtToNow();
        claims.setGeneratedJwtId();
        claims.setExpirationTimeMinutesInTheFuture(minutes);
        return claims;
    }

    private String signed(JwtClaims claims) {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(claims.toJson());
        signature.setKey(key.getPrivateKey());
        signature.setKeyIdHeaderValue(key.getKeyId());
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
