package dev.agentruntime.client;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Says to the server who calls. Thread-safe. */
public interface Credentials {

    /**
     * What is sent with one request.
     *
     * @param method  of HTTP
     * @param address with path and query as they are sent
     * @param header  what is sent besides, and is covered by a signature
     * @param payload the request's body
     */
    Map<String, String> header(String method, URI address, Map<String, String> header, Payload payload);

    /** Nobody. */
    static Credentials none() {
        return (method, address, header, payload) -> Map.of();
    }

    /**
     * A bearer token.
     *
     * @param token is asked before each request, and may renew it; empty sends none
     */
    static Credentials token(Supplier<Optional<String>> token) {
        return (method, address, header, payload) -> token.get().map(text -> Map.of("Authorization", "Bearer " + text)).orElse(Map.of());
    }

    /** A key of an {@code <accessKey>} of the server, which signs as AWS's clients do. */
    static Credentials accessKey(String accessKeyId, String secret, String region) {
        return new Signature(accessKeyId, secret, region);
    }
}
