package dev.agentruntime.agentctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.client.ScriptedServer;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {

    private static final String SECRET = "sk-0123456789";
    private static final Path VENDORS = Path.of("../../identity/src/main/resources/dev/agentruntime/identity/vendors.json");

    @TempDir
    private Path folder;
    private final ScriptedServer server = IdentityWorld.up();

    @BeforeEach
    void aSecret() throws IOException {
        Files.writeString(folder.resolve("secret"), SECRET + "\n");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Ran.In in() {
        return new Ran.In(folder).server(server.endpoint()).with("AGENTCTL_TOKEN", "T");
    }

    private Ran run(String line) {
        return in().run(("identity " + line).split(" "));
    }

    @Test
    void anApiKeyIsReadFromAFileOrTheInputAndShownNowhere() {
        for (Ran ran : new Ran[] {run("providers create-api-key openai --secret-file secret --workload orders"),
            in().input(SECRET + "\n").run("identity", "providers", "create-api-key", "openai", "--workload", "orders", "--secret-file", "-")}) {
            assertThat(ran).returns(0, Ran::code).returns("", Ran::err).returns("The credential provider openai is made\n", Ran::out);
            assertThat(server.last().target()).isEqualTo("/identities/CreateApiKeyCredentialProvider");
            assertThat(server.last().text()).isEqualTo("{\"name\":\"openai\",\"allowedWorkloads\":[\"orders\"],\"apiKey\":\"" + SECRET + "\"}");
        }
    }

    @Test
    void aKeyIsReplacedAndThoseItIsForStayUnlessTheyAreNamed() {
        assertThat(run("providers update-api-key openai --secret-file secret")).returns(0, Ran::code).returns("The credential provider openai is changed\n", Ran::out);
        assertThat(server.last().text()).isEqualTo("{\"name\":\"openai\",\"apiKey\":\"" + SECRET + "\"}");
        assertThat(run("providers update-api-key openai --secret-file secret --workload a --workload b").code()).isZero();
        assertThat(server.last().text()).contains("\"allowedWorkloads\":[\"a\",\"b\"]");
        assertThat(run("providers update-api-key openai --secret-file secret --all-workloads").code()).isZero();
        assertThat(server.last().text()).contains("\"allowedWorkloads\":[]");
        int asked = server.asked().size();
        assertThat(run("providers update-api-key openai --secret-file none --all-workloads --workload a")).returns(2, Ran::code)
                .satisfies(ran -> assertThat(ran.err()).contains("do not go together"));
        assertThat(server.asked()).hasSize(asked);
    }

    @Test
    void aClientIsSaidAnewAsAWhole() {
        assertThat(run("providers update-oauth2 github --vendor github --client-id Iv2 --secret-file secret").out()).startsWith("The credential provider github is changed\n");
        assertThat(server.last().target()).isEqualTo("/identities/UpdateOauth2CredentialProvider");
        assertThat(server.last().text()).isEqualTo("{\"name\":\"github\",\"credentialProviderVendor\":\"GithubOauth2\",\"oauth2ProviderConfigInput\":"
                + "{\"githubOauth2ProviderConfig\":{\"clientId\":\"Iv2\",\"clientSecret\":\"" + SECRET + "\"}}}");
        assertThat(run("providers update-oauth2 none --vendor github --client-id Iv2 --secret-file secret").code()).isEqualTo(5);
    }

    @Test
    void returnUrlsAreReplacedAsAWhole() {
        assertThat(run("workloads update orders --return-url https://a/x --return-url https://a/y").out()).isEqualTo("The workload identity orders is changed\n");
        assertThat(server.last().text()).isEqualTo("{\"name\":\"orders\",\"allowedResourceOauth2ReturnUrls\":[\"https://a/x\",\"https://a/y\"]}");
        assertThat(run("workloads update orders --no-return-urls").code()).isZero();
        assertThat(server.last().text()).endsWith("\"allowedResourceOauth2ReturnUrls\":[]}");
        assertThat(run("workloads update orders").code()).isEqualTo(2);
        assertThat(run("workloads update orders --no-return-urls --return-url https://a/x").code()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"create-api-key", "create-oauth2", "update-api-key", "update-oauth2"})
    void noSecretIsOnTheCommandLine(String command) {
        assertThat(run("providers " + command + " --help").out()).contains("--secret-file").doesNotContain("--secret=", "--key=", "--api-key=", "--client-secret");
    }

    @Test
    void withoutATerminalTheSecretHasToComeFromSomewhere() throws IOException {
        assertThat(run("providers create-api-key openai")).returns(2, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("--secret-file -"));
        assertThat(run("providers create-api-key openai --secret-file none")).returns(2, Ran::code).returns("agentctl: There is no file none.\n", Ran::err);
        assertThat(run("providers create-api-key openai --secret-file -")).returns(2, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("The secret is empty"));
        Files.writeString(folder.resolve("large"), "x".repeat(65 << 10));
        assertThat(run("providers create-api-key openai --secret-file large")).returns(2, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("more than 64 KiB"));
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void aClientOfAKnownVendorNeedsNoServers() {
        Ran ran = run("providers create-oauth2 github --vendor GitHub --client-id Iv1.0123 --secret-file secret");
        assertThat(ran).returns(0, Ran::code).returns("", Ran::err).satisfies(made -> assertThat(made.out()).contains("send users back to https://agents.example.com/"));
        assertThat(server.last().text()).isEqualTo("{\"name\":\"github\",\"credentialProviderVendor\":\"GithubOauth2\",\"oauth2ProviderConfigInput\":"
                + "{\"githubOauth2ProviderConfig\":{\"clientId\":\"Iv1.0123\",\"clientSecret\":\"" + SECRET + "\"}}}");
        assertThat(run("providers create-oauth2 okta --vendor OktaOauth2 --issuer https://a.okta.com --client-id c --secret-file secret").code()).isZero();
        assertThat(server.last().text()).contains("\"oauth2ProviderConfigInput\":{\"includedOauth2ProviderConfig\":{\"issuer\":\"https://a.okta.com\",\"clientId\":\"c\",");
        assertThat(run("providers create-oauth2 ms --vendor microsoft --tenant t --client-id c --secret-file secret").code()).isZero();
        assertThat(server.last().text()).contains("{\"microsoftOauth2ProviderConfig\":{\"tenantId\":\"t\",\"clientId\":\"c\",");
    }

    @Test
    void aCustomVendorTellsOfItsServersOrIsToldThem() {
        String client = " --client-id c --secret-file secret";
        assertThat(run("providers create-oauth2 own --discovery-url https://idp/.well-known/openid-configuration" + client).code()).isZero();
        assertThat(server.last().text()).contains("\"credentialProviderVendor\":\"CustomOauth2\"")
                .contains("{\"customOauth2ProviderConfig\":{\"oauthDiscovery\":{\"discoveryUrl\":\"https://idp/.well-known/openid-configuration\"},\"clientId\":\"c\"");
        assertThat(run("providers create-oauth2 own --discovery-url https://idp/x --on-behalf-of jwt-bearer" + client).code()).isZero();
        assertThat(server.last().text()).contains("\"onBehalfOfTokenExchangeConfig\":{\"grantType\":\"JWT_AUTHORIZATION_GRANT\"}");
        assertThat(run("providers create-oauth2 own --issuer https://i --authorization-endpoint https://i/a --token-endpoint https://i/t"
                + " --client-authentication client_secret_post" + client).code()).isZero();
        assertThat(server.last().text()).contains("{\"authorizationServerMetadata\":{\"issuer\":\"https://i\",\"authorizationEndpoint\":\"https://i/a\","
                + "\"tokenEndpoint\":\"https://i/t\"}},\"clientAuthenticationMethod\":\"CLIENT_SECRET_POST\"");
    }

    @Test
    void aPrivateKeyComesAsAWholeFromTheInputToo() {
        String key = "-----BEGIN PRIVATE KEY-----\nAAAA\nBBBB\n-----END PRIVATE KEY-----";
        assertThat(in().input(key + "\nnext\n").run("identity", "providers", "create-oauth2", "own", "--discovery-url", "https://idp/x", "--client-id", "c",
                "--client-authentication", "private_key_jwt", "--signing-algorithm", "ES256", "--key-id", "k", "--secret-file", "-").code()).isZero();
        assertThat(server.last().text()).contains("\"privateKeyJwtConfig\":{\"signingAlgorithm\":\"ES256\",\"additionalHeaderClaims\":{\"kid\":\"k\"}}")
                .contains("\"clientSecret\":\"" + key.replace("\n", "\\n") + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--vendor none", "--vendor custom", "--issuer https://i", "--discovery-url https://i --issuer https://i",
        "--vendor github --discovery-url https://i", "--discovery-url https://i --tenant t", "--vendor github --key-id k",
        "--discovery-url https://i --on-behalf-of x", "--vendor github --on-behalf-of jwt-bearer"})
    void whatDoesNotGoTogetherIsToldBeforeTheSecretIsReadOrTheServerAsked(String wrong) {
        assertThat(run("providers create-oauth2 own --client-id c --secret-file none " + wrong)).returns(2, Ran::code)
                .satisfies(ran -> assertThat(ran.err()).doesNotContain("no file"));
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void theVendorsAreThoseOfTheServer() throws IOException {
        try (JsonReader reader = Json.createReader(Files.newInputStream(VENDORS))) {
            JsonObject vendors = reader.readObject();
            assertThat(Vendor.words()).hasSameSizeAs(vendors.keySet());
            vendors.forEach((name, vendor) -> assertThat(Vendor.of(name)).hasValueSatisfying(
                    known -> assertThat(known.config()).isEqualTo(vendor.asJsonObject().getString("config"))));
        }
    }

    @Test
    void aProviderOfServerXmlIsShownAsOneAndNotDeleted() {
        server.on("POST /identities/GetApiKeyCredentialProvider", 200, IdentityWorld.KEY.replace("MANAGED\"", "EXTERNAL\",\"readOnly\":true"));
        assertThat(run("providers show openai --type api-key").out()).contains("of server.xml, where the provider is changed").contains("orders");
        assertThat(run("providers delete openai --type api-key --yes")).returns(6, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("in server.xml"));
        assertThat(server.last().target()).isEqualTo("/identities/GetApiKeyCredentialProvider");
    }

    @Test
    void whereTwoHaveOneNameTheTypeTellsThemApart() {
        server.on("POST /identities/GetApiKeyCredentialProvider", 200, IdentityWorld.KEY).on("POST /identities/GetOauth2CredentialProvider", 200, IdentityWorld.CLIENT);
        assertThat(run("providers show x")).returns(2, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("--type api-key or --type oauth2"));
        assertThat(run("providers show x --type oauth2").out()).contains("GithubOauth2").contains("https://github.com");
        assertThat(run("providers show x --type other").code()).isEqualTo(2);
    }

    @Test
    void deletingIsAskedFor() {
        assertThat(run("workloads delete orders")).returns(2, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("Nothing was deleted"));
        assertThat(in().terminal().input("other\n").run("identity", "providers", "delete", "openai").code()).isEqualTo(2);
        assertThat(server.asked()).noneMatch(asked -> asked.target().contains("/Delete"));
        assertThat(in().terminal().input("openai\n").run("identity", "providers", "delete", "openai").out()).isEqualTo("The credential provider openai is deleted\n");
        assertThat(server.last().target()).isEqualTo("/identities/DeleteApiKeyCredentialProvider");
    }

    @Test
    void grantsAreNarrowedByTheServer() {
        assertThat(run("grants list --workload orders --subject alice --issuer https://idp.example.com --json").out()).isEqualTo(IdentityWorld.GRANT + "\n");
        assertThat(server.last().target()).isEqualTo("/identities/grants?workloadName=orders&subject=alice&issuer=https%3A%2F%2Fidp.example.com");
        assertThat(run("grants list --issuer https://idp.example.com").code()).isEqualTo(2);
    }

    @Test
    void whoMayNotIsNotToldThatTheFeatureIsMissing() {
        server.on("POST /identities/GetWorkloadIdentity", 403, "{\"message\":\"This needs the role agent-admin\"}", "x-amzn-ErrorType", "AccessDeniedException");
        assertThat(run("workloads show orders")).returns(4, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("agent-admin").doesNotContain("feature"));
        server.on("POST /identities/GetWorkloadIdentity", 404, "{\"message\":\"There is no workload identity orders.\"}")
                .on("GET /identities/grants", 403, "{\"message\":\"This access key has no right to it\"}");
        assertThat(run("workloads show orders")).returns(5, Ran::code).returns("agentctl: There is no workload identity orders.\n", Ran::err);
    }
}
