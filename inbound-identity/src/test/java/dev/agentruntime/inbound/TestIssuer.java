package dev.agentruntime.inbound;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** An issuer of tokens on a port of this machine. */
final class TestIssuer implements AutoCloseable {

    static final long NOW_SECONDS = 1_800_000_000;

    /** Answers a request; throws where the connection is to break. */
    interface Answer {
        void give(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final List<PublicJsonWebKey> keys = new ArrayList<>();
    final AtomicInteger asked = new AtomicInteger();
    volatile Answer discovery = exchange -> answer(exchange, 200, "{\"issuer\":\"" + issuer() + "\",\"jwks_uri\":\"" + base() + "/keys\"}");
    volatile Answer jwks = exchange -> answer(exchange, 200, keySet());

    TestIssuer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/.well-known/openid-configuration", exchange -> {
            asked.incrementAndGet();
            discovery.give(exchange);
        });
        server.createContext("/keys", exchange -> jwks.give(exchange));
        server.start();
        keys.add(rsa("k1"));
    }

    String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    String issuer() {
        return base();
    }

    String discoveryUrl() {
        return base() + "/.well-known/openid-configuration";
    }

    static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** In chunks of seven bytes. */
    static void chunked(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, 0);
        for (int at = 0; at < bytes.length; at += 7) {
            exchange.getResponseBody().write(bytes, at, Math.min(7, bytes.length - at));
            exchange.getResponseBody().flush();
        }
        exchange.close();
    }

    static PublicJsonWebKey rsa(String id) {
        try {
            PublicJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
            key.setKeyId(id);
            return key;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    static PublicJsonWebKey ec(String id) {
        try {
            PublicJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
            key.setKeyId(id);
            return key;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    PublicJsonWebKey key() {
        return keys.get(0);
    }

    String keySet() {
        return new JsonWebKeySet(keys).toJson(OutputControlLevel.PUBLIC_ONLY);
    }

    void rotate(PublicJsonWebKey... now) {
        keys.clear();
        keys.addAll(List.of(now));
    }

    /** What a token says that is good for everything. */
    JwtClaims claims() {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(issuer());
        claims.setSubject("alice");
        claims.setAudience("agents");
        claims.setExpirationTime(NumericDate.fromSeconds(NOW_SECONDS + 300));
        claims.setClaim("client_id", "app");
        claims.setClaim("scope", "openid agents.invoke");
        claims.setClaim("department", "sales");
        claims.setClaim("teams", List.of("red", "green"));
        return claims;
    }

    String token(Consumer<JwtClaims> change) {
        return token(change, key(), "RS256", Map.of());
    }

    String token(Consumer<JwtClaims> change, PublicJsonWebKey by, String algorithm, Map<String, Object> headers) {
        JwtClaims claims = claims();
        change.accept(claims);
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(claims.toJson());
        signature.setAlgorithmHeaderValue(algorithm);
        signature.setKeyIdHeaderValue(by.getKeyId());
        headers.forEach(signature.getHeaders()::setObjectHeaderValue);
        signature.setKey(by.getPrivateKey());
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
