package dev.agentruntime.identity;

import dev.agentruntime.requests.FieldProblem;
import dev.agentruntime.requests.InputException;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The OAuth2 vendors that AgentCore names: how their providers are described, and where the vendors' servers are. Thread-safe. */
final class Vendors {

    private static final String CUSTOM = "customOauth2ProviderConfig";
    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final List<String> REFUSED = List.of("privateEndpoint", "privateEndpointOverrides");
    private static final String TENANT = "tenant";

    private final JsonObject all;

    private Vendors(JsonObject all) {
        this.all = all;
    }

    static Vendors load() {
        try (InputStream in = Vendors.class.getResourceAsStream("vendors.json"); JsonReader reader = Json.createReader(in)) {
            return new Vendors(reader.readObject());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Set<String> names() {
        return all.keySet();
    }

    /** The member of requests and answers that describes a provider of this vendor. */
    String config(String vendor) {
        return all.getJsonObject(vendor).getString("config");
    }

    /**
     * What a request says of a provider of this vendor.
     *
     * @throws InputException it says it in another vendor's words
     */
    JsonObject given(String vendor, JsonObject input) {
        JsonObject union = input.getJsonObject("oauth2ProviderConfigInput");
        if (!union.containsKey(config(vendor))) {
            throw InputException.invalid("oauth2ProviderConfigInput", "must have the member " + config(vendor) + " for the vendor " + vendor);
        }
        return union.getJsonObject(config(vendor));
    }

    /**
     * What is kept and told of a provider: where its servers are, and its client.
     *
     * @throws InputException something is missing, or asks for what only AWS has
     */
    JsonObject settings(String vendor, JsonObject given) {
        List<FieldProblem> problems = new ArrayList<>();
        REFUSED.stream().filter(given::containsKey).forEach(member -> problems.add(new FieldProblem(member,
                "is for networks of AWS. This server reaches what its own network does; leave it out")));
        JsonObject discovery = discovery(vendor, given, problems);
        JsonObjectBuilder settings = Json.createObjectBuilder().add("oauthDiscovery", discovery);
        String client = given.getString("clientId", "");
        if (client.isEmpty()) {
            problems.add(new FieldProblem("clientId", "is required"));
        } else {
            settings.add("clientId", client);
        }
        if (config(vendor).equals(CUSTOM)) {
            custom(given, settings, problems);
        }
        if (!problems.isEmpty()) {
            throw InputException.invalid(problems);
        }
        return settings.build();
    }

    private static void custom(JsonObject given, JsonObjectBuilder settings, List<FieldProblem> problems) {
        String method = given.getString("clientAuthenticationMethod", "CLIENT_SECRET_BASIC");
        if (method.startsWith("AWS_")) {
            problems.add(new FieldProblem("clientAuthenticationMethod", "must be CLIENT_SECRET_BASIC, CLIENT_SECRET_POST or PRIVATE_KEY_JWT: others need AWS"));
        }
        settings.add("clientAuthenticationMethod", method);
        if (given.get("privateKeyJwtConfig") instanceof JsonObject signing) {
            signing(method, signing, settings, problems);
        }
        if (given.get("onBehalfOfTokenExchangeConfig") instanceof JsonObject exchange) {
            JsonObject actor = exchange.get("tokenExchangeGrantTypeConfig") instanceof JsonObject of ? of : JsonValue.EMPTY_JSON_OBJECT;
            String content = actor.getString("actorTokenContent", "NONE");
            if (content.startsWith("AWS_")) {
                problems.add(new FieldProblem("onBehalfOfTokenExchangeConfig.tokenExchangeGrantTypeConfig.actorTokenContent", "must be NONE or M2M"));
            }
            if (actor.containsKey("actorTokenScopes") && !content.equals("M2M")) {
                problems.add(new FieldProblem("onBehalfOfTokenExchangeConfig.tokenExchangeGrantTypeConfig.actorTokenScopes", "goes with M2M only"));
            }
            settings.add("onBehalfOfTokenExchangeConfig", exchange);
        }
    }

    private static void signing(String method, JsonObject signing, JsonObjectBuilder settings, List<FieldProblem> problems) {
        if (!method.equals("PRIVATE_KEY_JWT")) {
            problems.add(new FieldProblem("privateKeyJwtConfig", "goes with the clientAuthenticationMethod PRIVATE_KEY_JWT only"));
        }
        if (signing.containsKey("privateKeySource")) {
            problems.add(new FieldProblem("privateKeyJwtConfig.privateKeySource", "names a key of AWS, which this server cannot use. Give the private key as"
                    + " clientSecret, or in a file by clientSecretConfig"));
        }
        for (String member : List.of("additionalHeaderClaims", "additionalPayloadClaims")) {
            JsonObject claims = signing.get(member) instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
            claims.keySet().stream().filter(ClientProof.OWN_CLAIMS::contains).forEach(own ->
                    problems.add(new FieldProblem("privateKeyJwtConfig." + member + "." + own, "is said by the platform and cannot be given")));
        }
        settings.add("privateKeyJwtConfig", signing);
    }

    private JsonObject discovery(String vendor, JsonObject given, List<FieldProblem> problems) {
        if (given.get("oauthDiscovery") instanceof JsonObject own) {
            ProviderUrls.check("oauthDiscovery", own, problems);
            return own;
        }
        JsonObject known = all.getJsonObject(vendor);
        if (given.containsKey("issuer") || given.containsKey("authorizationEndpoint") || given.containsKey("tokenEndpoint")) {
            return stated(given, problems);
        }
        if (known.containsKey("discoveryUrl")) {
            String tenant = given.getString("tenantId", known.getString(TENANT, ""));
            return Json.createObjectBuilder().add("discoveryUrl", known.getString("discoveryUrl").replace("{tenant}",
                    URLEncoder.encode(tenant, StandardCharsets.UTF_8))).build();
        }
        if (known.containsKey("issuer")) {
            return metadata(known);
        }
        problems.add(new FieldProblem("issuer", "is required for the vendor " + vendor + ", whose customers each have servers of their own"));
        return JsonValue.EMPTY_JSON_OBJECT;
    }

    private static JsonObject stated(JsonObject given, List<FieldProblem> problems) {
        boolean whole = given.containsKey("authorizationEndpoint") && given.containsKey("tokenEndpoint");
        String issuer = given.getString("issuer", "");
        if (issuer.isEmpty() || given.containsKey("authorizationEndpoint") != given.containsKey("tokenEndpoint")) {
            problems.add(new FieldProblem("issuer", "must be there, alone or with both authorizationEndpoint and tokenEndpoint"));
            return JsonValue.EMPTY_JSON_OBJECT;
        }
        JsonObject discovery = whole ? metadata(given) : Json.createObjectBuilder().add("discoveryUrl", issuer.replaceAll("/+$", "") + DISCOVERY).build();
        ProviderUrls.check("includedOauth2ProviderConfig", discovery, problems);
        return discovery;
    }

    private static JsonObject metadata(JsonObject of) {
        JsonObjectBuilder metadata = Json.createObjectBuilder();
        List.of("issuer", "authorizationEndpoint", "tokenEndpoint").forEach(name -> metadata.add(name, of.getString(name)));
        return Json.createObjectBuilder().add("authorizationServerMetadata", metadata).build();
    }
}
