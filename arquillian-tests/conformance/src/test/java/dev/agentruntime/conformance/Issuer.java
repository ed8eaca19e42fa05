package dev.agentruntime.conformance;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;

/** An issuer of tokens on a port of this machine, with its discovery document and its keys. */
final class Issuer {

    private final HttpServer server;
    private volatile RsaJsonWebKey key;

    Issuer(String id) throws IOException {
        key = newKey(id);
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        document("/.well-known/openid-configuration", () -> "{\"issuer\":\"" + name() + "\",\"jwks_uri\":\"" + name() + "/keys\"}");
        document("/keys", () -> new JsonWebKeySet(key).toJson());
        server.start();
    }

    /** Text that is made when it is asked for. */
    private interface Text {
        String now();
    }

    private void document(String path, Text text) {
        server.createContext(path, exchange -> {
            byte[] bytes = text.now().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    private static RsaJsonWebKey newKey(String id) {
        try {
            RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
            key.setKeyId(id);
            return key;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    String name() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    RsaJsonWebKey key() {
        return key;
    }

    /** Signs with another key from now on, and shows no other. */
    void rotate(String id) {
        key = newKey(id);
    }

    /** What a good token says. */
    JwtClaims claims(String subject) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(name());
        claims.setSubject(subject);
        claims.setAudience("agents");
        claims.setJwtId(UUID.randomUUID().toString());
        claims.setIssuedAtToNow();
        claims.setExpirationTime(NumericDate.fromSeconds(NumericDate.now().getValue() + 600));
        claims.setClaim("groups", List.of("agent-invoker"));
        claims.setClaim("client_id", "app");
        claims.setClaim("scope", "openid agents.invoke");
        claims.setClaim("teams", List.of("red", "green"));
        return claims;
    }

    String token(String subject) {
        return token(subject, claims -> { }, Map.of());
    }

    String token(String subject, Consumer<JwtClaims> change, Map<String, Object> headers) {
        JwtClaims claims = claims(subject);
        change.accept(claims);
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(claims.toJson());
        signature.setAlgorithmHeaderValue("RS256");
        signature.setKeyIdHeaderValue(key.getKeyId());
        signature.setKey(key.getPrivateKey());
        headers.forEach(signature.getHeaders()::setObjectHeaderValue);
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
