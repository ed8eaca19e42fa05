package dev.agentruntime.identity;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What of a consent is secret.
 *
 * @param session     its session URI
 * @param url         where the user consents; it has the state
 * @param verifier    of the code (RFC 7636)
 * @param redirect    where the provider sends the code
 * @param issuer      of the provider
 * @param client      a digest of the client and the servers that the user consents for
 * @param customState of the application's own; empty where it gave none
 * @param code        empty until the provider has sent it
 */
record ConsentSecrets(String session, String url, String verifier, String redirect, String issuer, String client, Optional<String> customState,
        Optional<String> code) {

    static ConsentSecrets parse(byte[] bytes) {
        try (JsonReader reader = Json.createReader(new StringReader(new String(bytes, StandardCharsets.UTF_8)))) {
            JsonObject json = reader.readObject();
            return new ConsentSecrets(json.getString("session"), json.getString("url"), json.getString("verifier"), json.getString("redirect"),
                    json.getString("issuer"), json.getString("client"),
                    Optional.ofNullable(json.getString("state", null)), Optional.ofNullable(json.getString("code", null)));
        }
    }

    byte[] bytes() {
        JsonObjectBuilder json = Json.createObjectBuilder().add("session", session).add("url", url).add("verifier", verifier).add("redirect", redirect)
                .add("issuer", issuer).add("client", client);
        customState.ifPresent(text -> json.add("state", text));
        code.ifPresent(text -> json.add("code", text));
        return json.build().toString().getBytes(StandardCharsets.UTF_8);
    }

    ConsentSecrets with(String given) {
        return new ConsentSecrets(session, url, verifier, redirect, issuer, client, customState, Optional.of(given));
    }

    @Override
    public String toString() {
        return "ConsentSecrets[issuer=" + issuer + "]";
    }
}
