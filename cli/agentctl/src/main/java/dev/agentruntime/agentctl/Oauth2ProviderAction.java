package dev.agentruntime.agentctl;

import dev.agentruntime.client.IdentityClient;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** A command that says all of a client of OAuth2 at a vendor. */
abstract class Oauth2ProviderAction extends IdentityAction {

    static final String SERVERS = "A vendor's servers are known; of Okta, OneLogin, PingOne, CyberArk, FusionAuth, Auth0 and Cognito say --issuer, and of 'custom' --discovery-url or all"
            + " of --issuer, --authorization-endpoint and --token-endpoint.";
    /** As server.xml says it, and requests do. */
    private static final Map<String, String> ON_BEHALF_OF = Map.of("token-exchange", "TOKEN_EXCHANGE", "jwt-bearer", "JWT_AUTHORIZATION_GRANT");

    @Option(names = "--client-id", required = true, paramLabel = "ID", description = "The client's id at the vendor.")
    private String clientId;

    @Option(names = "--vendor", paramLabel = "VENDOR", defaultValue = "custom", description = "As github, or as AgentCore has it, GithubOauth2. Default: ${DEFAULT-VALUE}.")
    private String vendor;

    @Option(names = "--discovery-url", paramLabel = "URL", description = "Where a custom vendor tells of its servers: …/.well-known/openid-configuration.")
    private Optional<String> discoveryUrl = Optional.empty();

    @Option(names = "--issuer", paramLabel = "URL", description = "The vendor's server.")
    private Optional<String> issuer = Optional.empty();

    @Option(names = "--authorization-endpoint", paramLabel = "URL", description = "Where users consent.")
    private Optional<String> authorizationEndpoint = Optional.empty();

    @Option(names = "--token-endpoint", paramLabel = "URL", description = "Where tokens are given.")
    private Optional<String> tokenEndpoint = Optional.empty();

    @Option(names = "--tenant", paramLabel = "ID", description = "Of Microsoft.")
    private Optional<String> tenant = Optional.empty();

    @Option(names = "--client-authentication", paramLabel = "METHOD",
            description = "Of a custom vendor: client_secret_basic, which is the default, client_secret_post, or private_key_jwt, whose secret is a private key, PEM or JWK.")
    private Optional<String> clientAuthentication = Optional.empty();

    @Option(names = "--signing-algorithm", paramLabel = "ALGORITHM", description = "Of private_key_jwt: RS256, PS256 or ES256.")
    private Optional<String> signingAlgorithm = Optional.empty();

    @Option(names = "--key-id", paramLabel = "ID", description = "Of private_key_jwt: what the vendor calls the key.")
    private Optional<String> keyId = Optional.empty();

    @Option(names = "--on-behalf-of", paramLabel = "GRANT", description = "Of a custom vendor: how users' own tokens are exchanged, token-exchange, which is the default, or jwt-bearer.")
    private Optional<String> onBehalfOf = Optional.empty();

    Oauth2ProviderAction(Surroundings surroundings) {
        super(surroundings);
    }

    /** What is said of it whatever its type. */
    abstract GivenProvider given();

    /** Has the server do it, and tells. */
    abstract void send(IdentityClient identities, JsonObject request);

    @Override
    final ExitCode run(IdentityClient identities) throws IOException {
        Vendor known = Vendor.of(vendor).orElseThrow(() -> usage("There is no vendor " + Text.plain(vendor) + ". There are " + String.join(", ", Vendor.words()) + "."));
        JsonObjectBuilder client = known.isCustom() ? custom() : included();
        JsonObjectBuilder request = given().request();
        client.add("clientId", clientId).add("clientSecret", given().secret(surroundings(), "Secret of the client " + Text.plain(clientId)));
        send(identities, request.add("credentialProviderVendor", known.name())
                .add("oauth2ProviderConfigInput", Json.createObjectBuilder().add(known.config(), client)).build());
        return ExitCode.OK;
    }

    private JsonObjectBuilder custom() {
        tenant.ifPresent(id -> refuse("--tenant goes with --vendor microsoft only"));
        boolean metadata = issuer.isPresent() && authorizationEndpoint.isPresent() && tokenEndpoint.isPresent();
        boolean some = issuer.isPresent() || authorizationEndpoint.isPresent() || tokenEndpoint.isPresent();
        if (discoveryUrl.isPresent() ? some : !metadata) {
            refuse("A custom vendor needs --discovery-url, or all of --issuer, --authorization-endpoint and --token-endpoint");
        }
        JsonObjectBuilder discovery = Json.createObjectBuilder();
        discoveryUrl.ifPresentOrElse(url -> discovery.add("discoveryUrl", url), () -> discovery.add("authorizationServerMetadata", servers()));
        JsonObjectBuilder custom = Json.createObjectBuilder().add("oauthDiscovery", discovery);
        clientAuthentication.ifPresent(method -> custom.add("clientAuthenticationMethod", method.toUpperCase(Locale.ROOT)));
        if (signingAlgorithm.isPresent() || keyId.isPresent()) {
            JsonObjectBuilder signing = Json.createObjectBuilder().add("signingAlgorithm", signingAlgorithm.orElse("RS256"));
            keyId.ifPresent(id -> signing.add("additionalHeaderClaims", Json.createObjectBuilder().add("kid", id)));
            custom.add("privateKeyJwtConfig", signing);
        }
        onBehalfOf.ifPresent(word -> custom.add("onBehalfOfTokenExchangeConfig", Json.createObjectBuilder().add("grantType", Optional.ofNullable(ON_BEHALF_OF.get(word))
                .orElseThrow(() -> usage("--on-behalf-of is token-exchange or jwt-bearer, and not " + Text.plain(word) + ".")))));
        return custom;
    }

    private JsonObjectBuilder included() {
        if (discoveryUrl.isPresent() || clientAuthentication.isPresent() || signingAlgorithm.isPresent() || keyId.isPresent() || onBehalfOf.isPresent()) {
            refuse("--discovery-url, --client-authentication, --signing-algorithm, --key-id and --on-behalf-of go with --vendor custom only");
        }
        JsonObjectBuilder included = servers();
        tenant.ifPresent(id -> included.add("tenantId", id));
        return included;
    }

    private JsonObjectBuilder servers() {
        JsonObjectBuilder servers = Json.createObjectBuilder();
        issuer.ifPresent(url -> servers.add("issuer", url));
        authorizationEndpoint.ifPresent(url -> servers.add("authorizationEndpoint", url));
        tokenEndpoint.ifPresent(url -> servers.add("tokenEndpoint", url));
        return servers;
    }

    private void refuse(String sentence) {
        throw usage(sentence + ".");
    }
}
