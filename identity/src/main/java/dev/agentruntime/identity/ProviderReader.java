package dev.agentruntime.identity;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Encoded;
import dev.agentruntime.config.Metatype;
import dev.agentruntime.net.Texts;
import dev.agentruntime.requests.InputException;
import dev.agentruntime.store.Sql;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code <credentialProvider>}. One that cannot be used is left out and told. */
final class ProviderReader {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,128}");
    private static final String UNSET = "${";
    private static final Metatype METATYPE = Metatype.of(ProviderReader.class);

    private ProviderReader() {}

    static Optional<Provider> read(Attributes element, Vendors vendors, Instant now) {
        String name = element.text("name", "");
        try {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("name must be 1 to 128 letters, digits, '-' and '_'");
            }
            // A mistyped workloads would leave it to all.
            METATYPE.problem(element, "credentialProvider").ifPresent(why -> {
                throw new IllegalArgumentException(why);
            });
            ProviderKind kind = element.oneOf("type", "oauth2", List.of("oauth2", "api-key")).equals("api-key") ? ProviderKind.API_KEY : ProviderKind.OAUTH2;
            String vendor = kind == ProviderKind.API_KEY ? "" : vendor(element, vendors);
            JsonObject settings = kind == ProviderKind.API_KEY ? JsonValue.EMPTY_JSON_OBJECT : vendors.settings(vendor, given(element, vendors.config(vendor)));
            List<String> workloads = Texts.list(element.text("workloads", ""));
            return Optional.of(new Provider(kind, name, vendor, settings, workloads, secret(element), Provider.Home.SERVER_XML, Sql.storable(now), Sql.storable(now)));
        } catch (IllegalArgumentException | InputException e) {
            element.problem("The element <credentialProvider name=\"" + Texts.shown(name) + "\"> cannot be used: " + e.getMessage() + ". It is left out.");
            return Optional.empty();
        }
    }

    private static String vendor(Attributes element, Vendors vendors) {
        String vendor = element.text("vendor", "CustomOauth2");
        if (!vendors.names().contains(vendor)) {
            throw new IllegalArgumentException("vendor must be one of " + String.join(", ", vendors.names()));
        }
        return vendor;
    }

    /** As the API would be given it. */
    private static JsonObject given(Attributes element, String config) {
        JsonObjectBuilder given = Json.createObjectBuilder();
        List.of("clientId", "tenantId").forEach(name -> copy(element, name, given));
        if (!config.equals("customOauth2ProviderConfig")) {
            List.of("issuer", "authorizationEndpoint", "tokenEndpoint").forEach(name -> copy(element, name, given));
            return given.build();
        }
        String discoveryUrl = element.text("discoveryUrl", "");
        given.add("oauthDiscovery", discoveryUrl.isEmpty()
                ? Json.createObjectBuilder().add("authorizationServerMetadata", metadata(element)).build()
                : Json.createObjectBuilder().add("discoveryUrl", discoveryUrl).build());
        boolean byAssertion = element.oneOf("onBehalfOf", "token-exchange", List.of("token-exchange", "jwt-bearer")).equals("jwt-bearer");
        given.add("onBehalfOfTokenExchangeConfig", Json.createObjectBuilder().add("grantType", byAssertion ? "JWT_AUTHORIZATION_GRANT" : "TOKEN_EXCHANGE"));
        String method = element.oneOf("clientAuthentication", "client_secret_basic", List.of("client_secret_basic", "client_secret_post", "private_key_jwt"));
        if (method.equals("private_key_jwt")) {
            JsonObjectBuilder signing = Json.createObjectBuilder().add("signingAlgorithm",
                    element.oneOf("signingAlgorithm", "RS256", List.of("RS256", "PS256", "ES256")));
            String keyId = element.text("keyId", "");
            if (!keyId.isEmpty()) {
                signing.add("additionalHeaderClaims", Json.createObjectBuilder().add("kid", keyId));
            }
            given.add("privateKeyJwtConfig", signing);
        }
        return given.add("clientAuthenticationMethod", method.toUpperCase(java.util.Locale.ROOT)).build();
    }

    private static void copy(Attributes element, String name, JsonObjectBuilder given) {
        String text = element.text(name, "");
        if (!text.isEmpty()) {
            given.add(name, text);
        }
    }

    private static JsonObject metadata(Attributes element) {
        JsonObjectBuilder metadata = Json.createObjectBuilder();
        for (String name : List.of("issuer", "authorizationEndpoint", "tokenEndpoint")) {
            String text = element.text(name, "");
            if (text.isEmpty()) {
                throw new IllegalArgumentException("it needs discoveryUrl, or all of issuer, authorizationEndpoint and tokenEndpoint");
            }
            metadata.add(name, text);
        }
        return metadata.build();
    }

    private static SecretPlace secret(Attributes element) {
        Optional<String> secret = element.secret("secret");
        String file = element.text("secretFile", "");
        if (secret.isPresent() == !file.isEmpty()) {
            throw new IllegalArgumentException("it needs one of secret and secretFile");
        }
        if (secret.filter(text -> text.startsWith(UNSET)).isPresent()) {
            throw new IllegalArgumentException("the variable of its secret is not set");
        }
        return new SecretPlace.InServerXml(secret.<java.util.function.Supplier<String>>map(text -> () -> Encoded.decoded(text))
                .orElseGet(() -> () -> SecretFile.text(Path.of(file))));
    }
}
