package dev.agentruntime.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockagentcore.BedrockAgentCoreClient;
import software.amazon.awssdk.services.bedrockagentcore.model.BedrockAgentCoreException;
import software.amazon.awssdk.services.bedrockagentcore.model.InvokeAgentRuntimeResponse;
import software.amazon.awssdk.services.bedrockagentcorecontrol.BedrockAgentCoreControlClient;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AgentRuntimeArtifact;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AgentRuntimeEndpointStatus;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AgentRuntimeStatus;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AuthorizerConfiguration;

/** Agent runtimes made with an issuer of their own by AWS's control client are opened by that issuer's tokens, and by nothing else. */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
class AuthorizerIT {

    private static final String ROLE = "arn:aws:iam::123456789012:role/agents";
    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static Server server;
    private static BedrockAgentCoreControlClient control;

    @BeforeAll
    static void open() {
        server = Server.running();
        control = BedrockAgentCoreControlClient.builder().endpointOverride(Server.ENDPOINT).region(Region.of(Server.REGION))
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .overrideConfiguration(all -> all.putHeader("Authorization", "Bearer " + server.administrator())).build();
    }

    @AfterAll
    static void close() {
        control.close();
    }

    private static AuthorizerConfiguration takes(String audience) {
        return AuthorizerConfiguration.fromCustomJWTAuthorizer(jwt -> jwt.discoveryUrl(server.own.name() + "/.well-known/openid-configuration")
                .allowedAudience(audience).allowedClients("app").allowedScopes("agents.invoke").customClaims(
                        claim -> claim.inboundTokenClaimName("teams").inboundTokenClaimValueType("STRING_ARRAY").authorizingClaimMatchValue(
                                match -> match.claimMatchOperator("CONTAINS_ANY").claimMatchValue(value -> value.matchValueStringList("red", "blue")))));
    }

    private static String made(String name, AuthorizerConfiguration authorizer) throws Exception {
        String uri = server.uploaded(name);
        String id = control.createAgentRuntime(r -> r.agentRuntimeName(name).roleArn(ROLE).authorizerConfiguration(authorizer)
                .agentRuntimeArtifact(AgentRuntimeArtifact.fromContainerConfiguration(war -> war.containerUri(uri)))).agentRuntimeId();
        return awaitReady(id);
    }

    private static void update(String id, AuthorizerConfiguration authorizer) throws Exception {
        String uri = server.uploaded(UUID.randomUUID().toString());
        control.updateAgentRuntime(r -> r.agentRuntimeId(id).roleArn(ROLE).authorizerConfiguration(authorizer)
                .agentRuntimeArtifact(AgentRuntimeArtifact.fromContainerConfiguration(war -> war.containerUri(uri))));
        awaitReady(id);
    }

    private static String awaitReady(String id) {
        await().atMost(Duration.ofMinutes(1)).until(() -> control.getAgentRuntime(r -> r.agentRuntimeId(id)).status() == AgentRuntimeStatus.READY);
        return id;
    }

    private static String arn(String id) {
        return control.getAgentRuntime(r -> r.agentRuntimeId(id)).agentRuntimeArn();
    }

    private static String token(Consumer<JwtClaims> change) {
        return server.own.token("alice", change, Map.of());
    }

    private static String tokenFor(String audience) {
        return token(claims -> claims.setAudience(audience));
    }

    private static void opens(String agent, String qualifier, String token) {
        try (BedrockAgentCoreClient client = JavaClient.withToken(token)) {
            ResponseBytes<InvokeAgentRuntimeResponse> answer = JavaClient.invoke(client, agent, request -> request.qualifier(qualifier));
            assertThat(answer.asUtf8String()).isEqualTo("{\"prompt\":\"hello\"}");
        }
    }

    private static void refuses(int status, String type, BedrockAgentCoreClient caller, String agent, String qualifier) {
        try (caller) {
            assertThatThrownBy(() -> JavaClient.invoke(caller, agent, request -> request.qualifier(qualifier)))
                    .isInstanceOfSatisfying(BedrockAgentCoreException.class, refused -> {
                        assertThat(refused.statusCode()).as(refused.getMessage()).isEqualTo(status);
                        assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(type);
                    });
        }
    }

    private static void refuses(int status, String agent, String qualifier, String token) {
        refuses(status, status == 401 ? "UnauthorizedException" : "AccessDeniedException", JavaClient.withToken(token), agent, qualifier);
    }

    private static void refuses(int status, String agent, Consumer<JwtClaims> change) {
        refuses(status, agent, "DEFAULT", token(change));
    }

    @Test
    void itsTokensOpenARuntimeByEachOfItsNamesAndNothingElseDoes() throws Exception {
        String id = made("trusting", takes("agents"));
        String arn = arn(id);
        for (String name : List.of(arn, id, "trusting")) {
            opens(name, "DEFAULT", tokenFor("agents"));
            refuses(401, name, "DEFAULT", server.servers.token("alice"));
            refuses(401, name, "DEFAULT", server.administrator());
            refuses(403, "AccessDeniedException", JavaClient.withKey().build(), name, "DEFAULT");
            refuses(401, name, "nothere", tokenFor("others"));
        }
        refuses(401, arn, claims -> claims.setIssuer("https://other.example"));
        refuses(401, arn, claims -> claims.setAudience("others"));
        refuses(401, arn, claims -> claims.setExpirationTimeMinutesInTheFuture(-5));
        refuses(403, arn, claims -> claims.setClaim("client_id", "other"));
        refuses(403, arn, claims -> claims.setClaim("scope", "openid"));
        refuses(403, arn, claims -> claims.setClaim("teams", List.of("green")));
        refuses(403, arn, claims -> claims.unsetClaim("teams"));
    }

    @Test
    void itsSessionsAndWhatIsSaidOfItAreBehindTheSameDoor() throws Exception {
        String id = made("told", takes("agents"));
        opens(id, "DEFAULT", tokenFor("agents"));
        assertThat(get("/runtimes/" + id + "/sessions", server.administrator()).statusCode()).isEqualTo(401);
        assertThat(get("/runtimes/told/sessions", tokenFor("agents")).body()).contains("\"alice\"");
        HttpResponse<String> challenged = get("/runtimes/told/sessions", "");
        assertThat(challenged.statusCode()).isEqualTo(401);
        assertThat(challenged.headers().firstValue("WWW-Authenticate").orElseThrow()).contains("oauth-protected-resource");
        for (String name : List.of(id, "told")) {
            assertThat(get("/runtimes/" + name + "/invocations/.well-known/oauth-protected-resource?qualifier=DEFAULT", "").body())
                    .contains("\"authorization_servers\":[\"" + server.own.name() + "\"]", "\"scopes_supported\":[\"agents.invoke\"]");
        }
    }

    private static HttpResponse<String> get(String path, String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(Server.ENDPOINT + path));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void anUpdateChangesWhoIsLetInAndAnEndpointKeepsToItsVersionsAlsoAfterARestart() throws Exception {
        String id = made("changing", takes("agents"));
        control.createAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).name("prod").agentRuntimeVersion("1"));
        await().atMost(Duration.ofMinutes(1)).until(() -> control.getAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).endpointName("prod")).status()
                == AgentRuntimeEndpointStatus.READY);
        update(id, takes("others"));
        bothVersionsLetInTheirOwn(id);
        server.restart();
        awaitReady(id);
        bothVersionsLetInTheirOwn(id);
        update(id, null);
        opens(id, "DEFAULT", server.servers.token("alice"));
        refuses(401, id, "DEFAULT", tokenFor("others"));
        opens(id, "prod", tokenFor("agents"));
        refuses(401, id, "prod", server.servers.token("alice"));
    }

    private static void bothVersionsLetInTheirOwn(String id) {
        opens(id, "DEFAULT", tokenFor("others"));
        refuses(401, id, "DEFAULT", tokenFor("agents"));
        opens(id, "prod", tokenFor("agents"));
        refuses(401, id, "prod", tokenFor("others"));
    }

    @Test
    void anIssuerAtAnAddressThatIsNotAllowedOpensNothing() throws Exception {
        String id = made("far", AuthorizerConfiguration.fromCustomJWTAuthorizer(
                jwt -> jwt.discoveryUrl("http://169.254.169.254/.well-known/openid-configuration").allowedAudience("agents")));
        try (BedrockAgentCoreClient client = JavaClient.withToken(tokenFor("agents"))) {
            assertThatThrownBy(() -> JavaClient.invoke(client, id)).isInstanceOfSatisfying(BedrockAgentCoreException.class,
                    refused -> assertThat(refused.statusCode()).isEqualTo(500));
        }
    }
}
