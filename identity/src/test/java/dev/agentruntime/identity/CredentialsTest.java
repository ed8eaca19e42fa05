package dev.agentruntime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.RoomOperations;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockagentcore.BedrockAgentCoreClient;
import software.amazon.awssdk.services.bedrockagentcore.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockagentcore.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockagentcore.model.UnauthorizedException;

class CredentialsTest extends IdentityTestBase {

    private static final String SECRET = "sk-0123456789-secret";
    private static final String JWT = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.c2ln";

    private final Logger log = Logger.getLogger(CredentialGate.class.getName());
    private final List<String> told = new ArrayList<>();
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord record) {
            told.add(record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private BedrockAgentCoreClient data;

    @BeforeEach
    void make() {
        data = BedrockAgentCoreClient.builder().endpointOverride(door.uri()).region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                .httpClientBuilder(UrlConnectionHttpClient.builder()).build();
        client.createWorkloadIdentity(r -> r.name("orders"));
        client.createWorkloadIdentity(r -> r.name("invoices"));
        client.createApiKeyCredentialProvider(r -> r.name("openai").apiKey(SECRET));
        log.addHandler(listener);
    }

    @AfterEach
    void forget() {
        log.removeHandler(listener);
        data.close();
    }

    private String token(String workload) {
        return data.getWorkloadAccessToken(r -> r.workloadName(workload)).workloadAccessToken();
    }

    @Test
    void aWorkloadGetsTheApiKeyOfAProvider() {
        assertThat(data.getResourceApiKey(r -> r.workloadIdentityToken(token("orders")).resourceCredentialProviderName("openai")).apiKey()).isEqualTo(SECRET);
        assertThat(told).singleElement().asString().startsWith("AGRT6308I").contains("openai").contains("orders for itself").doesNotContain(SECRET);
    }

    @Test
    void itGetsItForAUserWhoIsNamedOrWhoseTokenTheRequestHas() throws Exception {
        String named = data.getWorkloadAccessTokenForUserId(r -> r.workloadName("orders").userId("alice@example.com")).workloadAccessToken();
        assertThat(data.getResourceApiKey(r -> r.workloadIdentityToken(named).resourceCredentialProviderName("openai")).apiKey()).isEqualTo(SECRET);
        assertThat(told).singleElement().asString().contains("orders for alice@example.com of urn:agent-runtime:user-ids");
        HttpResponse<String> own = forJwt("Bearer " + JWT);
        assertThat(own.statusCode()).as(own.body()).isEqualTo(200);
        String token = own.body().replaceFirst(".*\"workloadAccessToken\":\"([^\"]*)\".*", "$1");
        told.clear();
        data.getResourceApiKey(r -> r.workloadIdentityToken(token).resourceCredentialProviderName("openai"));
        assertThat(told).singleElement().asString().contains("orders for alice of https://idp");
        assertThat(forJwt("Bearer other.other.other").body()).contains("must be the token that the request itself is sent with");
        assertThat(forJwt("AWS4-HMAC-SHA256 Credential=x").statusCode()).isEqualTo(400);
    }

    private HttpResponse<String> forJwt(String authorization) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(door.uri() + "/identities/GetWorkloadAccessTokenForJWT")).header("Authorization", authorization)
                .POST(BodyPublishers.ofString("{\"workloadName\": \"orders\", \"userToken\": \"" + JWT + "\"}")).build(), BodyHandlers.ofString());
    }

    @Test
    void aProviderThatIsForOthersIsDeniedAndThatIsRecorded() throws Exception {
        assertThat(post("UpdateApiKeyCredentialProvider", "{\"name\": \"openai\", \"apiKey\": \"" + SECRET + "\", \"allowedWorkloads\": [\"invoices\"]}").statusCode()).isEqualTo(200);
        String orders = token("orders");
        assertThatThrownBy(() -> data.getResourceApiKey(r -> r.workloadIdentityToken(orders).resourceCredentialProviderName("openai")))
                .isInstanceOf(AccessDeniedException.class).hasMessageContaining("allowedWorkloads");
        assertThat(told).singleElement().asString().startsWith("AGRT6309W").contains("DENIED");
        String invoices = token("invoices");
        assertThat(data.getResourceApiKey(r -> r.workloadIdentityToken(invoices).resourceCredentialProviderName("openai")).apiKey()).isEqualTo(SECRET);
    }

    @Test
    void aTokenThatHasExpiredOrIsOfSomebodyElseIsNotTaken() throws Exception {
        String token = token("orders");
        clock.pass(Duration.ofHours(1));
        assertThatThrownBy(() -> data.getResourceApiKey(r -> r.workloadIdentityToken(token).resourceCredentialProviderName("openai")))
                .isInstanceOf(UnauthorizedException.class);
        assertThat(given(token)).contains("has expired");
        assertThatThrownBy(() -> data.getResourceApiKey(r -> r.workloadIdentityToken(JWT).resourceCredentialProviderName("openai")))
                .isInstanceOf(UnauthorizedException.class);
        assertThat(given(JWT)).contains("none that this server has made");
        assertThat(told).hasSize(4).allMatch(line -> line.startsWith("AGRT6309W") && line.contains("(none: the token is not taken): UNAUTHORIZED")).noneMatch(line -> line.contains(JWT));
    }

    private String given(String token) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(door.uri() + "/identities/api-key"))
                .POST(BodyPublishers.ofString("{\"workloadIdentityToken\": \"" + token + "\", \"resourceCredentialProviderName\": \"openai\"}")).build(),
                BodyHandlers.ofString()).body();
    }

    @Test
    void aTokenDiesWithItsWorkload() {
        String token = token("orders");
        client.deleteWorkloadIdentity(r -> r.name("orders"));
        assertThatThrownBy(() -> data.getResourceApiKey(r -> r.workloadIdentityToken(token).resourceCredentialProviderName("openai")))
                .isInstanceOf(ResourceNotFoundException.class).hasMessageContaining("no workload identity orders");
        assertThatThrownBy(() -> token("orders")).isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void aTokenOfAWorkloadThatIsGoneIsNotGoodForALaterOneOfItsName() {
        String token = token("orders");
        client.deleteWorkloadIdentity(r -> r.name("orders"));
        clock.pass(Duration.ofMillis(1));
        client.createWorkloadIdentity(r -> r.name("orders"));
        assertThatThrownBy(() -> data.getResourceApiKey(r -> r.workloadIdentityToken(token).resourceCredentialProviderName("openai")))
                .isInstanceOf(UnauthorizedException.class);
        assertThat(data.getResourceApiKey(r -> r.workloadIdentityToken(token("orders")).resourceCredentialProviderName("openai")).apiKey()).isEqualTo(SECRET);
    }

    @Test
    void aProviderThatThereIsNotOrThatIsOfAnotherKindIsNotFound() {
        String token = token("orders");
        assertThatThrownBy(() -> data.getResourceApiKey(r -> r.workloadIdentityToken(token).resourceCredentialProviderName("none")))
                .isInstanceOf(ResourceNotFoundException.class).hasMessageContaining("no credential provider");
    }

    @Test
    void aRuntimesOwnIdentityGetsTokensToo() {
        runtimes.made.add("greeter-0123456789");
        assertThat(data.getResourceApiKey(r -> r.workloadIdentityToken(token("greeter-0123456789")).resourceCredentialProviderName("openai")).apiKey()).isEqualTo(SECRET);
    }

    @Test
    void onlyAnAdministratorMayDoWhatIsNotAUsersOwn() {
        assertThat(room.operations().operations().stream().filter(row -> row.who() == RoomOperations.Who.INVOKER).map(RoomOperations.Row::name))
                .as("what users do for themselves").containsExactlyInAnyOrder("CompleteResourceTokenAuth", "ListGrants", "DeleteGrant");
        assertThat(room.operations().operations().stream().filter(row -> row.who() == RoomOperations.Who.ANYBODY).map(RoomOperations.Row::name))
                .as("where providers send browsers").containsExactly("Oauth2Callback");
    }
}
