package dev.agentruntime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.store.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.ConflictException;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.CredentialProviderVendorType;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.Oauth2ProviderConfigInput;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.ValidationException;

class CredentialProvidersTest extends IdentityTestBase {

    private static final String SECRET = "sk-0123456789-secret";

    private String secret(ProviderKind kind, String name) {
        IdentityStore store = new IdentityStore(new Database(database));
        ProviderSecrets secrets = new ProviderSecrets(store, new Vault(() -> settings.keys()), () -> settings.secrets());
        Provider provider = configured.find(kind, name).or(() -> store.run(tables -> new Providers(tables.transaction()).find(kind, name))).orElseThrow();
        return secrets.read(provider);
    }

    private static Oauth2ProviderConfigInput github(String secret) {
        return Oauth2ProviderConfigInput.fromGithubOauth2ProviderConfig(c -> c.clientId("client").clientSecret(secret));
    }

    @Test
    void anApiKeyIsKeptAndNeverShown() throws Exception {
        var made = client.createApiKeyCredentialProvider(r -> r.name("openai").apiKey(SECRET));
        assertThat(made.credentialProviderArn()).isEqualTo("arn:aws:acps:us-east-1:123456789012:token-vault/default/apikeycredentialprovider/openai");
        var shown = client.getApiKeyCredentialProvider(r -> r.name("openai"));
        assertThat(shown.toString()).doesNotContain(SECRET);
        assertThat(shown.createdTime()).isEqualTo(clock.instant());
        assertThat(client.listApiKeyCredentialProviders(r -> { }).credentialProviders()).singleElement().satisfies(one -> assertThat(one.name()).isEqualTo("openai"));
        assertThat(database.select("SELECT settings FROM identity_provider")).allMatch(text -> !text.contains(SECRET));
        assertThat(secret(ProviderKind.API_KEY, "openai")).isEqualTo(SECRET);
        client.updateApiKeyCredentialProvider(r -> r.name("openai").apiKey("another"));
        restart();
        assertThat(secret(ProviderKind.API_KEY, "openai")).isEqualTo("another");
        client.deleteApiKeyCredentialProvider(r -> r.name("openai"));
        assertThat(database.select("SELECT id FROM identity_secret")).isEmpty();
        assertThatThrownBy(() -> client.getApiKeyCredentialProvider(r -> r.name("openai"))).isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void aNameIsTakenOnceForEachKind() {
        client.createApiKeyCredentialProvider(r -> r.name("github").apiKey(SECRET));
        assertThatThrownBy(() -> client.createApiKeyCredentialProvider(r -> r.name("github").apiKey(SECRET))).isInstanceOf(ConflictException.class);
        client.createOauth2CredentialProvider(r -> r.name("github").credentialProviderVendor(CredentialProviderVendorType.GITHUB_OAUTH2)
                .oauth2ProviderConfigInput(github("github-secret")));
        assertThat(secret(ProviderKind.API_KEY, "github")).isEqualTo(SECRET);
        assertThat(secret(ProviderKind.OAUTH2, "github")).isEqualTo("github-secret");
    }

    @Test
    void anApiKeyIsNeeded() {
        assertThatThrownBy(() -> client.createApiKeyCredentialProvider(r -> r.name("openai").apiKey(""))).isInstanceOf(ValidationException.class)
                .hasMessageContaining("apiKey must be there");
    }

    @Test
    void withoutAKeyNothingIsKept() throws Exception {
        settings = new IdentitySettings(VaultKeys.NONE, Optional.empty(), IdentitySettings.STANDARD_LIFETIME);
        var refused = post("CreateApiKeyCredentialProvider", "{\"name\": \"openai\", \"apiKey\": \"" + SECRET + "\"}");
        assertThat(refused.statusCode()).isEqualTo(500);
        assertThat(refused.body()).contains("has no key").contains("<vaultKey>").doesNotContain(SECRET);
        assertThat(database.select("SELECT name FROM identity_provider")).isEmpty();
    }

    @Test
    void aSecretMayBeInAFileThatIsReadEachTime(@TempDir Path folder) throws Exception {
        settings = new IdentitySettings(settings.keys(), Optional.of(folder), IdentitySettings.STANDARD_LIFETIME);
        Files.writeString(folder.resolve("openai.json"), "{\"key\": \"first\"}");
        var made = post("CreateApiKeyCredentialProvider",
                "{\"name\": \"openai\", \"apiKeySecretSource\": \"EXTERNAL\", \"apiKeySecretConfig\": {\"secretId\": \"openai.json\", \"jsonKey\": \"key\"}}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(made.body()).contains("\"apiKeySecretSource\":\"EXTERNAL\"").contains("\"apiKeySecretJsonKey\":\"key\"");
        assertThat(secret(ProviderKind.API_KEY, "openai")).isEqualTo("first");
        Files.writeString(folder.resolve("openai.json"), "{\"key\": \"second\"}");
        assertThat(secret(ProviderKind.API_KEY, "openai")).isEqualTo("second");
        Files.delete(folder.resolve("openai.json"));
        assertThatThrownBy(() -> secret(ProviderKind.API_KEY, "openai")).isInstanceOf(IdentityException.class).hasMessageContaining("openai.json cannot be read");
        for (String outside : List.of("../openai.json", "/etc/passwd", "a/b", "..")) {
            assertThat(post("UpdateApiKeyCredentialProvider", "{\"name\": \"openai\", \"apiKeySecretConfig\": {\"secretId\": \"" + outside + "\", \"jsonKey\": \"key\"}}").body())
                    .as(outside).contains("must be the name of a file");
        }
    }

    @Test
    void filesAreTakenOnlyWhereServerXmlNamesTheirDirectory() throws Exception {
        assertThat(post("CreateApiKeyCredentialProvider", "{\"name\": \"openai\", \"apiKeySecretConfig\": {\"secretId\": \"openai.json\", \"jsonKey\": \"key\"}}").body())
                .contains("apiKeySecretConfig.secretId").contains("secrets of <agentRuntimeIdentity>");
    }

    @Test
    void aVendorsProviderKnowsItsServers() {
        var made = client.createOauth2CredentialProvider(r -> r.name("github").credentialProviderVendor(CredentialProviderVendorType.GITHUB_OAUTH2)
                .oauth2ProviderConfigInput(github(SECRET)));
        assertThat(made.toString()).doesNotContain(SECRET);
        var config = client.getOauth2CredentialProvider(r -> r.name("github")).oauth2ProviderConfigOutput().githubOauth2ProviderConfig();
        assertThat(config.clientId()).isEqualTo("client");
        assertThat(config.oauthDiscovery().authorizationServerMetadata().tokenEndpoint()).isEqualTo("https://github.com/login/oauth/access_token");
        client.updateOauth2CredentialProvider(r -> r.name("github").credentialProviderVendor(CredentialProviderVendorType.GITHUB_OAUTH2)
                .oauth2ProviderConfigInput(github("new")));
        assertThat(secret(ProviderKind.OAUTH2, "github")).isEqualTo("new");
        assertThat(client.listOauth2CredentialProviders(r -> { }).credentialProviders()).singleElement()
                .satisfies(one -> assertThat(one.credentialProviderVendor()).isEqualTo(CredentialProviderVendorType.GITHUB_OAUTH2));
        client.deleteOauth2CredentialProvider(r -> r.name("github"));
        assertThat(client.listOauth2CredentialProviders(r -> { }).credentialProviders()).isEmpty();
    }

    @Test
    void microsoftHasATenant() {
        client.createOauth2CredentialProvider(r -> r.name("entra").credentialProviderVendor(CredentialProviderVendorType.MICROSOFT_OAUTH2)
                .oauth2ProviderConfigInput(Oauth2ProviderConfigInput.fromMicrosoftOauth2ProviderConfig(c -> c.clientId("c").clientSecret(SECRET).tenantId("ten ant/.."))));
        assertThat(client.getOauth2CredentialProvider(r -> r.name("entra")).oauth2ProviderConfigOutput().microsoftOauth2ProviderConfig().oauthDiscovery().discoveryUrl())
                .isEqualTo("https://login.microsoftonline.com/ten+ant%2F../v2.0/.well-known/openid-configuration");
    }

    @Test
    void aCustomProviderSaysWhereItsServersAre() {
        client.createOauth2CredentialProvider(r -> r.name("own").credentialProviderVendor(CredentialProviderVendorType.CUSTOM_OAUTH2)
                .oauth2ProviderConfigInput(Oauth2ProviderConfigInput.fromCustomOauth2ProviderConfig(c -> c.clientId("c").clientSecret(SECRET)
                        .oauthDiscovery(d -> d.discoveryUrl("https://idp.example.com/.well-known/openid-configuration")))));
        assertThat(client.getOauth2CredentialProvider(r -> r.name("own")).oauth2ProviderConfigOutput().customOauth2ProviderConfig().oauthDiscovery().discoveryUrl())
                .isEqualTo("https://idp.example.com/.well-known/openid-configuration");
        for (String url : List.of("ftp://idp/.well-known/openid-configuration", "https://u:p@idp/.well-known/openid-configuration", "//idp/.well-known/openid-configuration")) {
            assertThatThrownBy(() -> client.createOauth2CredentialProvider(r -> r.name("other").credentialProviderVendor(CredentialProviderVendorType.CUSTOM_OAUTH2)
                    .oauth2ProviderConfigInput(Oauth2ProviderConfigInput.fromCustomOauth2ProviderConfig(c -> c.clientId("c").clientSecret(SECRET)
                            .oauthDiscovery(d -> d.discoveryUrl(url)))))).as(url).isInstanceOf(ValidationException.class).hasMessageContaining("https://HOST/");
        }
    }

    @Test
    void whatOnlyAwsHasIsRefused() throws Exception {
        String own = "{\"name\": \"own\", \"credentialProviderVendor\": \"CustomOauth2\", \"oauth2ProviderConfigInput\": {\"customOauth2ProviderConfig\": {\"clientId\": \"c\","
                + " \"clientSecret\": \"s\", \"oauthDiscovery\": {\"discoveryUrl\": \"https://idp/.well-known/openid-configuration\"}, %s}}}";
        assertThat(post("CreateOauth2CredentialProvider", own.formatted("\"clientAuthenticationMethod\": \"AWS_IAM_ID_TOKEN_JWT\"")).body())
                .contains("PRIVATE_KEY_JWT");
        assertThat(post("CreateOauth2CredentialProvider", own.formatted("\"privateEndpoint\": {\"selfManagedLatticeResource\":"
                + " {\"resourceConfigurationIdentifier\": \"rcfg-0123456789abcdefg\"}}")).body()).contains("networks of AWS");
        assertThat(post("CreateOauth2CredentialProvider", own.formatted("\"onBehalfOfTokenExchangeConfig\": {\"grantType\": \"TOKEN_EXCHANGE\","
                + " \"tokenExchangeGrantTypeConfig\": {\"actorTokenContent\": \"NONE\", \"actorTokenScopes\": [\"x\"]}}")).body()).contains("goes with M2M only");
    }

    @Test
    void aVendorIsDescribedInItsOwnWords() {
        assertThatThrownBy(() -> client.createOauth2CredentialProvider(r -> r.name("x").credentialProviderVendor(CredentialProviderVendorType.SLACK_OAUTH2)
                .oauth2ProviderConfigInput(github(SECRET)))).isInstanceOf(ValidationException.class).hasMessageContaining("slackOauth2ProviderConfig");
        assertThatThrownBy(() -> client.createOauth2CredentialProvider(r -> r.name("x").credentialProviderVendor(CredentialProviderVendorType.OKTA_OAUTH2)
                .oauth2ProviderConfigInput(Oauth2ProviderConfigInput.fromIncludedOauth2ProviderConfig(c -> c.clientId("c").clientSecret(SECRET)))))
                .isInstanceOf(ValidationException.class).hasMessageContaining("issuer is required");
        client.createOauth2CredentialProvider(r -> r.name("okta").credentialProviderVendor(CredentialProviderVendorType.OKTA_OAUTH2)
                .oauth2ProviderConfigInput(Oauth2ProviderConfigInput.fromIncludedOauth2ProviderConfig(c -> c.clientId("c").clientSecret(SECRET).issuer("https://dev.okta.com/"))));
        assertThat(client.getOauth2CredentialProvider(r -> r.name("okta")).oauth2ProviderConfigOutput().includedOauth2ProviderConfig().oauthDiscovery().discoveryUrl())
                .isEqualTo("https://dev.okta.com/.well-known/openid-configuration");
    }

    @Test
    void everyVendorOfTheModelIsKnown() {
        Vendors vendors = Vendors.load();
        assertThat(CredentialProviderVendorType.knownValues()).extracting(CredentialProviderVendorType::toString).isSubsetOf(vendors.names());
        assertThat(vendors.names()).allSatisfy(vendor -> assertThat(vendors.config(vendor)).endsWith("Oauth2ProviderConfig"));
    }

    @Test
    void whichWorkloadsMayUseOneIsKeptUntilItIsSaidAnew() throws Exception {
        assertThat(post("CreateApiKeyCredentialProvider", "{\"name\": \"openai\", \"apiKey\": \"k\", \"allowedWorkloads\": [\"orders\"]}").body())
                .contains("\"allowedWorkloads\":[\"orders\"]");
        assertThat(post("UpdateApiKeyCredentialProvider", "{\"name\": \"openai\", \"apiKey\": \"k2\"}").body()).contains("\"allowedWorkloads\":[\"orders\"]");
        assertThat(post("UpdateApiKeyCredentialProvider", "{\"name\": \"openai\", \"apiKey\": \"k2\", \"allowedWorkloads\": []}").body()).doesNotContain("allowedWorkloads");
    }

    @Test
    void oneOfServerXmlIsShownAndChangedThere(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), SECRET + "\n");
        configured.put("1", read(Map.of("name", "internal", "type", "api-key", "secretFile", file.toString(), "workloads", "orders, invoices")).orElseThrow());
        assertThat(client.listApiKeyCredentialProviders(r -> { }).credentialProviders()).singleElement().satisfies(one -> assertThat(one.name()).isEqualTo("internal"));
        assertThat(post("GetApiKeyCredentialProvider", "{\"name\": \"internal\"}").body()).contains("\"readOnly\":true").contains("orders").doesNotContain(SECRET);
        assertThat(secret(ProviderKind.API_KEY, "internal")).isEqualTo(SECRET);
        assertThatThrownBy(() -> client.deleteApiKeyCredentialProvider(r -> r.name("internal"))).isInstanceOf(ConflictException.class).hasMessageContaining("server.xml");
        assertThatThrownBy(() -> client.updateApiKeyCredentialProvider(r -> r.name("internal").apiKey("x"))).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> client.createApiKeyCredentialProvider(r -> r.name("internal").apiKey("x"))).isInstanceOf(ConflictException.class);
        configured.remove("1");
        assertThat(client.listApiKeyCredentialProviders(r -> { }).credentialProviders()).isEmpty();
    }

    private List<String> problems = List.of();

    private Optional<Provider> read(Map<String, Object> properties) {
        Attributes element = Attributes.of("credentialProvider", new HashMap<>(properties));
        Optional<Provider> provider = ProviderReader.read(element, Vendors.load(), clock.instant());
        problems = element.problems();
        return provider;
    }

    @Test
    void anElementThatCannotBeUsedIsLeftOutAndToldWithoutItsSecret() {
        assertThat(read(Map.of("name", "a b", "type", "api-key", "secret", SECRET))).isEmpty();
        assertThat(problems).singleElement().asString().contains("name must be").doesNotContain(SECRET);
        assertThat(read(Map.of("name", "x", "type", "api-key"))).isEmpty();
        assertThat(problems).singleElement().asString().contains("one of secret and secretFile");
        assertThat(read(Map.of("name", "x", "type", "api-key", "secret", "${openai.key}"))).isEmpty();
        assertThat(problems).singleElement().asString().contains("variable of its secret is not set");
        assertThat(read(Map.of("name", "x", "clientId", "c", "secret", SECRET))).isEmpty();
        assertThat(problems).singleElement().asString().contains("needs discoveryUrl");
        assertThat(read(Map.of("name", "x", "vendor", "Other", "clientId", "c", "secret", SECRET))).isEmpty();
        assertThat(problems).singleElement().asString().contains("vendor must be one of");
        assertThat(read(Map.of("name", "x", "vendor", "GithubOauth2", "secret", SECRET))).isEmpty();
        assertThat(problems).singleElement().asString().contains("clientId is required");
    }

    @Test
    void aMistypedNameLeavesAProviderToNobody() {
        assertThat(read(Map.of("name", "x", "type", "api-key", "secret", SECRET, "worklods", "orders"))).isEmpty();
        assertThat(problems).containsExactly("The element <credentialProvider name=\"x\"> cannot be used: <credentialProvider> has no worklods. Did you mean workloads?"
                + " Correct the name or take it out. It is left out.");
    }

    @Test
    void anElementOfAVendorNeedsItsClientOnly() {
        Provider provider = read(Map.of("name", "github", "vendor", "GithubOauth2", "clientId", "c", "secret", SECRET)).orElseThrow();
        assertThat(problems).isEmpty();
        assertThat(provider.settings().toString()).contains("https://github.com/login/oauth/authorize");
        assertThat(provider.toString()).doesNotContain(SECRET);
        assertThat(provider.isOpenTo("orders")).isTrue();
        assertThat(read(Map.of("name", "own", "clientId", "c", "secret", SECRET, "issuer", "https://i", "authorizationEndpoint", "https://i/a", "tokenEndpoint", "https://i/t"))
                .orElseThrow().settings().toString()).contains("https://i/t").contains("CLIENT_SECRET_BASIC");
    }
}
