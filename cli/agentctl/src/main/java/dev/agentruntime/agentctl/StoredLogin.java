package dev.agentruntime.agentctl;

import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/** By what agentctl is known to one server. */
sealed interface StoredLogin {

    JsonObject json();

    /** A token that somebody else has made, as it is. */
    record Token(String token) implements StoredLogin {
        @Override
        public JsonObject json() {
            return Json.createObjectBuilder().add("kind", "token").add("token", token).build();
        }
    }

    /**
     * What an identity provider has given, and by what it gives the next.
     *
     * @param secret  of a client that has one
     * @param refresh empty for client credentials, which need none
     */
    record Provider(URI tokenEndpoint, String clientId, Optional<String> secret, String scope, String token, Instant expiresAt,
            Optional<String> refresh) implements StoredLogin {

        @Override
        public JsonObject json() {
            JsonObjectBuilder json = Json.createObjectBuilder().add("kind", "provider").add("tokenEndpoint", tokenEndpoint.toString())
                    .add("clientId", clientId).add("scope", scope).add("token", token).add("expiresAt", expiresAt.getEpochSecond());
            secret.ifPresent(value -> json.add("secret", value));
            refresh.ifPresent(value -> json.add("refresh", value));
            return json.build();
        }
    }

    /** An access key of the server's. */
    record AccessKey(String id, String secret, String region) implements StoredLogin {
        @Override
        public JsonObject json() {
            return Json.createObjectBuilder().add("kind", "accessKey").add("accessKeyId", id).add("secret", secret).add("region", region).build();
        }
    }

    /** @throws RuntimeException it is none */
    static StoredLogin of(JsonObject json) {
        return switch (json.getString("kind")) {
            case "token" -> new Token(json.getString("token"));
            case "provider" -> new Provider(URI.create(json.getString("tokenEndpoint")), json.getString("clientId"), text(json, "secret"),
                    json.getString("scope"), json.getString("token"), Instant.ofEpochSecond(((JsonNumber) json.get("expiresAt")).longValueExact()),
                    text(json, "refresh"));
            case "accessKey" -> new AccessKey(json.getString("accessKeyId"), json.getString("secret"), json.getString("region"));
            default -> throw new IllegalArgumentException("kind " + json.getString("kind"));
        };
    }

    private static Optional<String> text(JsonObject json, String name) {
        return Optional.ofNullable(json.getString(name, null));
    }
}
