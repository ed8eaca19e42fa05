package dev.agentruntime.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IdentityClientTest {

    private final ScriptedServer server = new ScriptedServer();
    private final IdentityClient identities = AgentRuntimeClient.at(server.endpoint()).build().identities();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void allPagesOfAListAreReadByTokensInTheBody() {
        server.on("POST /identities/ListWorkloadIdentities", exchange -> ScriptedServer.send(exchange, 200, server.last().text().equals("{}")
                ? "{\"workloadIdentities\":[{\"name\":\"a\",\"workloadIdentityArn\":\"arn:a\"}],\"nextToken\":\"n\"}"
                : "{\"workloadIdentities\":[{\"name\":\"b\"}]}"));
        assertThat(identities.workloads()).extracting(WorkloadInfo::name).containsExactly("a", "b");
        assertThat(server.last().text()).isEqualTo("{\"nextToken\":\"n\"}");
    }

    @Test
    void grantsComeInPagesOfTheQuery() {
        server.on("GET /identities/grants", exchange -> ScriptedServer.send(exchange, 200, exchange.getRequestURI().getQuery().contains("nextToken")
                ? "{\"grants\":[]}" : "{\"grants\":[{\"grantId\":\"9f\",\"scopes\":[\"a\",1],\"createdAt\":1795676400.127}],\"nextToken\":\"9f\"}"));
        assertThat(identities.grants(Map.of("subject", "alice"))).singleElement().returns("9f", GrantInfo::id).returns(List.of("a"), GrantInfo::scopes)
                .returns(Optional.of(Instant.ofEpochMilli(1_795_676_400_127L)), GrantInfo::createdAt);
        assertThat(server.last().target()).isEqualTo("/identities/grants?nextToken=9f&subject=alice");
    }

    @Test
    void aProviderIsMadeShownAndDeletedByTheOperationsOfItsType() {
        String view = "{\"name\":\"x\",\"credentialProviderVendor\":\"CustomOauth2\",\"oauth2ProviderConfigOutput\":{\"customOauth2ProviderConfig\":{\"clientId\":\"c\"}},"
                + "\"clientSecretSource\":\"EXTERNAL\",\"readOnly\":true}";
        server.on("POST /identities/CreateApiKeyCredentialProvider", 201, "{\"name\":\"k\",\"apiKeySecretSource\":\"MANAGED\"}")
                .on("POST /identities/GetOauth2CredentialProvider", 200, view).on("POST /identities/DeleteOauth2CredentialProvider", 204, "");
        assertThat(identities.createProvider(ProviderType.API_KEY, Json.createObjectBuilder().add("name", "k").build()))
                .returns("MANAGED", ProviderInfo::secretSource).returns("", ProviderInfo::vendor).returns(false, ProviderInfo::readOnly)
                .satisfies(made -> assertThat(made.settings()).isEmpty());
        ProviderInfo shown = identities.provider(ProviderType.OAUTH2, "x");
        assertThat(shown).returns("EXTERNAL", ProviderInfo::secretSource).returns(true, ProviderInfo::readOnly).returns(Optional.empty(), ProviderInfo::createdAt);
        assertThat(shown.settings().getString("clientId")).isEqualTo("c");
        identities.deleteProvider(ProviderType.OAUTH2, "x");
        assertThat(server.last().text()).isEqualTo("{\"name\":\"x\"}");
    }

    @Test
    void whatIsChangedIsSentAsAWhole() {
        server.on("POST /identities/UpdateWorkloadIdentity", 200, "{\"name\":\"w\"}").on("POST /identities/UpdateApiKeyCredentialProvider", 200, "{\"name\":\"k\"}");
        assertThat(identities.updateWorkload("w", List.of("https://a")).name()).isEqualTo("w");
        assertThat(server.last().text()).isEqualTo("{\"name\":\"w\",\"allowedResourceOauth2ReturnUrls\":[\"https://a\"]}");
        assertThat(identities.updateProvider(ProviderType.API_KEY, Json.createObjectBuilder().add("name", "k").build()).type()).isEqualTo(ProviderType.API_KEY);
    }

    @Test
    void aServerWithoutTheFeatureFindsNothing() {
        assertThat(identities.isThere()).isFalse();
        assertThatThrownBy(identities::workloads).isInstanceOf(RefusedException.class);
        server.on("GET /identities/grants", 200, "{\"grants\":[]}");
        assertThat(identities.isThere()).isTrue();
        server.on("GET /identities/grants", 403, "{\"message\":\"No\"}");
        assertThat(identities.isThere()).as("but not for this caller").isTrue();
    }
}
