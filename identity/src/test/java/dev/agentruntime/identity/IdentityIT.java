package dev.agentruntime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.File;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockagentcore.BedrockAgentCoreClient;
import software.amazon.awssdk.services.bedrockagentcore.model.GetResourceOauth2TokenRequest;
import software.amazon.awssdk.services.bedrockagentcore.model.UnauthorizedException;
import software.amazon.awssdk.services.bedrockagentcorecontrol.BedrockAgentCoreControlClient;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.CredentialProviderVendorType;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.Oauth2ProviderConfigInput;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.WorkloadIdentityType;

/** The feature of identities in a real Open Liberty, which {@code -Dliberty.home} names, by AWS's clients that sign their requests. */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class IdentityIT {

    private static final String SECRET = "sk-of-the-real-server";
    private static final String FIRST = TestKeys.text();
    private static final String SECOND = TestKeys.text();

    @TempDir
    private static Path folder;
    private static IdentityServer server;
    private static BedrockAgentCoreControlClient deployer;

    private static String keys(String current, String... others) {
        StringBuilder own = new StringBuilder("<agentRuntimeIdentity providerAddresses=\"127.0.0.0/8, ::1\" publicUrl=\"")
                .append(IdentityServer.ENDPOINT).append("\" currentKey=\"").append(current).append("\">");
        for (String other : others) {
            own.append(other);
        }
        return own + "</agentRuntimeIdentity>"
                + "<credentialProvider name=\"internal\" type=\"api-key\" secret=\"{xor}LDo8LTor\"/>"
                + "<credentialProvider name=\"broken\" type=\"api-key\"/>"
                + "<variable name=\"wlp.aes.encryption.key\" value=\"" + FIRST + "\"/>";
    }

    private static String first() {
        return "<vaultKey keyId=\"first\" aesKey=\"${wlp.aes.encryption.key}\"/>";
    }

    private static String second() throws Exception {
        return "<vaultKey keyId=\"second\" file=\"" + Files.writeString(folder.resolve("second.key"), SECOND) + "\"/>";
    }

    @BeforeAll
    static void start() throws Exception {
        server = new IdentityServer(folder, keys("first", first()));
        deployer = client("AKDEPLOYER", "a-secret-of-this-test");
        await().atMost(Duration.ofMinutes(2)).ignoreExceptions().untilAsserted(() -> assertThat(names()).contains("configured-one"));
    }

    private static java.util.List<String> names() {
        return deployer.listWorkloadIdentities(r -> { }).workloadIdentities().stream().map(WorkloadIdentityType::name).toList();
    }

    private static BedrockAgentCoreControlClient client(String key, String secret) {
        return BedrockAgentCoreControlClient.builder().endpointOverride(IdentityServer.ENDPOINT).region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(key, secret)))
                .httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    @Order(1)
    void whatIsMadeIsFoundAgainAfterARestart() throws Exception {
        deployer.createWorkloadIdentity(r -> r.name("orders").allowedResourceOauth2ReturnUrls("https://app.example.com/back"));
        deployer.createApiKeyCredentialProvider(r -> r.name("openai").apiKey(SECRET));
        deployer.createOauth2CredentialProvider(r -> r.name("github").credentialProviderVendor(CredentialProviderVendorType.GITHUB_OAUTH2)
                .oauth2ProviderConfigInput(Oauth2ProviderConfigInput.fromGithubOauth2ProviderConfig(c -> c.clientId("c").clientSecret(SECRET))));
        server.restart();
        await().atMost(Duration.ofMinutes(2)).ignoreExceptions().untilAsserted(() -> assertThat(names()).contains("orders", "configured-one"));
        assertThat(deployer.getWorkloadIdentity(r -> r.name("orders")).allowedResourceOauth2ReturnUrls()).containsExactly("https://app.example.com/back");
        assertThat(deployer.getApiKeyCredentialProvider(r -> r.name("openai")).credentialProviderArn()).endsWith("/openai");
        assertThat(deployer.getOauth2CredentialProvider(r -> r.name("github")).oauth2ProviderConfigOutput().githubOauth2ProviderConfig().clientId()).isEqualTo("c");
    }

    @Test
    @Order(2)
    void whoIsNoAdministratorMayDoNoneOfIt() {
        try (BedrockAgentCoreControlClient caller = client("AKCALLER", "another-secret-of-this-test")) {
            assertThatThrownBy(() -> caller.listWorkloadIdentities(r -> { })).isInstanceOf(AccessDeniedException.class);
            assertThatThrownBy(() -> caller.getApiKeyCredentialProvider(r -> r.name("openai"))).isInstanceOf(AccessDeniedException.class);
        }
    }

    @Test
    @Order(3)
    void aProviderOfServerXmlIsShownAndOneThatCannotBeUsedIsTold() throws Exception {
        assertThat(deployer.getApiKeyCredentialProvider(r -> r.name("internal")).name()).isEqualTo("internal");
        assertThat(server.log()).contains("AGRT6301W").contains("name=\"broken\"").contains("one of secret and secretFile");
    }

    @Test
    @Order(3)
    void aWorkloadGetsTheApiKeysOfBothAndTheLogSaysSo() throws Exception {
        try (BedrockAgentCoreClient data = data("AKDEPLOYER", "a-secret-of-this-test")) {
            String token = data.getWorkloadAccessToken(r -> r.workloadName("configured-one")).workloadAccessToken();
            assertThat(data.getResourceApiKey(r -> r.workloadIdentityToken(token).resourceCredentialProviderName("openai")).apiKey()).isEqualTo(SECRET);
            assertThat(data.getResourceApiKey(r -> r.workloadIdentityToken(token).resourceCredentialProviderName("internal")).apiKey()).isEqualTo("secret");
        }
        assertThat(server.log()).contains("AGRT6308I").contains("openai was given to the workload identity configured-one for itself");
    }

    /** The library for OAuth2 in the bundle, and a browser that comes without a token. */
    @Test
    @Order(3)
    void accessTokensAreGotFromAnOauth2ServerAndUsersConsentInABrowser() throws Exception {
        MockOAuth2Server provider = new MockOAuth2Server();
        provider.start();
        try (BedrockAgentCoreClient data = data("AKDEPLOYER", "a-secret-of-this-test")) {
            deployer.createWorkloadIdentity(r -> r.name("shop").allowedResourceOauth2ReturnUrls("https://app.example.com/back"));
            String made = deployer.createOauth2CredentialProvider(r -> r.name("idp").credentialProviderVendor(CredentialProviderVendorType.CUSTOM_OAUTH2)
                    .oauth2ProviderConfigInput(i -> i.customOauth2ProviderConfig(c -> c.clientId("c").clientSecret(SECRET)
                            .oauthDiscovery(d -> d.discoveryUrl(provider.wellKnownUrl("corp").toString()))))).callbackUrl();
            assertThat(made).isEqualTo(IdentityServer.ENDPOINT + "/identities/oauth2/callback/idp");
            String token = data.getWorkloadAccessTokenForUserId(r -> r.workloadName("shop").userId("alice")).workloadAccessToken();
            GetResourceOauth2TokenRequest request = GetResourceOauth2TokenRequest.builder().workloadIdentityToken(token).resourceCredentialProviderName("idp")
                    .scopes("openid").oauth2Flow("M2M").build();
            assertThat(data.getResourceOauth2Token(request).accessToken()).isNotEmpty();
            var asked = data.getResourceOauth2Token(request.toBuilder().oauth2Flow("USER_FEDERATION").build());
            String back = browse(browse(asked.authorizationUrl()));
            assertThat(back).startsWith("https://app.example.com/back?session_id=");
            data.completeResourceTokenAuth(r -> r.sessionUri(asked.sessionUri()).userIdentifier(i -> i.userId("alice")));
            String given = data.getResourceOauth2Token(request.toBuilder().oauth2Flow("USER_FEDERATION").build()).accessToken();
            assertThat(given).isNotEmpty();
            assertThat(server.log()).contains("AGRT6310I").doesNotContain(given);
        } finally {
            provider.shutdown();
        }
    }

    /** Where a browser is sent on to. */
    private static String browse(String url) throws Exception {
        HttpResponse<String> page = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
        return page.headers().firstValue("Location").orElseThrow(() -> new AssertionError(page.statusCode() + " " + page.body()));
    }

    @Test
    @Order(3)
    void anAgentIsGivenATokenThatIsGoodForNothingOutsideItsSession() throws Exception {
        try (BedrockAgentCoreClient caller = data("AKCALLER", "another-secret-of-this-test"); BedrockAgentCoreClient admin = data("AKDEPLOYER", "a-secret-of-this-test")) {
            String session = "session-of-alice-" + UUID.randomUUID();
            JsonObject first = headers(caller, session);
            String token = first.getString("workloadaccesstoken");
            assertThat(first.getString("x-amz-bedrock-agentcore-identity-wat")).isEqualTo(token).startsWith("agwt1.");
            assertThat(headers(caller, session).getString("workloadaccesstoken")).startsWith("agwt1.").isNotEqualTo(token);
            assertThatThrownBy(() -> admin.getResourceApiKey(r -> r.workloadIdentityToken(token).resourceCredentialProviderName("internal")))
                    .isInstanceOf(UnauthorizedException.class);
            assertThat(headers(admin, session)).as("of who is not its owner").doesNotContainKey("workloadaccesstoken");
        }
    }

    /** What the agent is sent with an invocation. */
    private static JsonObject headers(BedrockAgentCoreClient client, String session) {
        String body = client.invokeAgentRuntime(r -> r.agentRuntimeArn("configured-one").runtimeSessionId(session).payload(SdkBytes.fromUtf8String("{}")),
                ResponseTransformer.toBytes()).asUtf8String();
        try (JsonReader reader = Json.createReader(new StringReader(body))) {
            return reader.readObject();
        }
    }

    private static BedrockAgentCoreClient data(String key, String secret) {
        return BedrockAgentCoreClient.builder().endpointOverride(IdentityServer.ENDPOINT).region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(key, secret)))
                .httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    }

    @Test
    @Order(3)
    void aConfiguredAgentsIdentityIsToldByTheControlApi() {
        String id = deployer.listAgentRuntimes(r -> { }).agentRuntimes().get(0).agentRuntimeId();
        assertThat(deployer.getAgentRuntime(r -> r.agentRuntimeId(id)).workloadIdentityDetails().workloadIdentityArn())
                .endsWith(":workload-identity-directory/default/workload-identity/configured-one");
    }

    @Test
    @Order(4)
    void theKeyIsChangedWhileTheServerRuns() throws Exception {
        server.configure(keys("second", first(), second()));
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(server.log()).contains("AGRT6306I").contains("the key first any more; all is wrapped with second"));
        server.configure(keys("first", first()));
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(server.log()).contains("AGRT6305E").contains("no <vaultKey> of the keyId second"));
        server.configure(keys("second", second()));
    }

    /** The folder that {@code -Dnode.modules=DIR} names has AWS's two clients for JavaScript. */
    @Test
    @Order(5)
    @EnabledIfSystemProperty(named = "node.modules", matches = ".+")
    void theSameGoesByTheClientsForJavaScript() throws Exception {
        File out = folder.resolve("node.out").toFile();
        Process node = new ProcessBuilder("node", Path.of("src/test/js/identity.mjs").toAbsolutePath().toString(), IdentityServer.ENDPOINT.toString(),
                "AKDEPLOYER", "a-secret-of-this-test").redirectErrorStream(true).redirectOutput(out).directory(new File(System.getProperty("node.modules"))).start();
        assertThat(node.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(out).content().contains("all of it is done");
        assertThat(node.exitValue()).isZero();
    }

    @Test
    @Order(6)
    void noLogHasASecretOrAKeyInIt() throws Exception {
        assertThat(server.log()).doesNotContain(SECRET).doesNotContain(FIRST).doesNotContain(SECOND);
    }

    @Test
    @Order(7)
    void withoutTheFeatureThereAreNoIdentitiesAndAgentsServeAsBefore() throws Exception {
        server.leaveOutIdentities();
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThatThrownBy(IdentityIT::names).hasMessageContaining("404"));
        assertThat(deployer.listAgentRuntimes(r -> { }).agentRuntimes()).isNotEmpty();
    }
}
