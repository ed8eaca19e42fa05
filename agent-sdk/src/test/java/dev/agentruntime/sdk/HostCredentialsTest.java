package dev.agentruntime.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostCredentialsTest {

    private static final String TOKEN = "agwt1.of-this-session";

    private final List<String> paths = new CopyOnWriteArrayList<>();
    private final List<JsonObject> asked = new CopyOnWriteArrayList<>();
    private HttpServer host;
    private volatile int status = 200;
    private volatile String answer = "{}";

    @BeforeEach
    void start() throws IOException {
        host = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        host.createContext("/", this::serve);
        host.start();
    }

    @AfterEach
    void stop() {
        host.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        paths.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        try (JsonReader reader = Json.createReader(exchange.getRequestBody())) {
            asked.add(reader.readObject());
        }
        exchange.getResponseHeaders().set("x-amzn-ErrorType", "AccessDeniedException");
        byte[] body = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private HostCredentials credentials(Optional<String> token) {
        return new HostCredentials(token, path -> (HttpURLConnection) URI.create("http://127.0.0.1:" + host.getAddress().getPort() + path).toURL()
                .openConnection(), property -> property.equals("agent.api-key.local") ? "sk-local" : "");
    }

    /** Where nobody listens. */
    private static AgentCredentials away() {
        return new HostCredentials(Optional.of(TOKEN), path -> {
            throw new ConnectException("Connection refused");
        }, property -> "");
    }

    private AgentCredentials credentials() {
        return credentials(Optional.of(TOKEN));
    }

    @Test
    void anApiKeyIsAskedForWithTheTokenOfTheInvocation() {
        answer = "{\"apiKey\":\"sk-\\u00e4\\\"\"}";
        assertThat(credentials().apiKey("open\"ai")).isEqualTo("sk-ä\"");
        assertThat(paths).containsExactly("POST /identities/api-key");
        assertThat(asked).containsExactly(Json.createObjectBuilder().add("workloadIdentityToken", TOKEN).add("resourceCredentialProviderName", "open\"ai").build());
    }

    @Test
    void anAccessTokenIsAskedForWithItsScopesAndFlow() {
        answer = "{\"accessToken\":\"at-1\"}";
        assertThat(credentials().accessToken("github", List.of("repo", "user"), AccessFlow.USER_FEDERATION)).isEqualTo("at-1");
        assertThat(paths).containsExactly("POST /identities/oauth2/token");
        assertThat(asked).containsExactly(Json.createObjectBuilder().add("workloadIdentityToken", TOKEN).add("resourceCredentialProviderName", "github")
                .add("oauth2Flow", "USER_FEDERATION").add("scopes", Json.createArrayBuilder(List.of("repo", "user"))).build());
    }

    @Test
    void aUserWhoHasToConsentFirstIsAnExceptionOfItsOwn() {
        answer = "{\"authorizationUrl\":\"https://idp/authorize?x=1\",\"sessionUri\":\"urn:1\",\"sessionStatus\":\"IN_PROGRESS\"}";
        assertThatThrownBy(() -> credentials().accessToken("github", List.of(), AccessFlow.USER_FEDERATION)).isInstanceOfSatisfying(
                AuthorizationRequiredException.class, e -> {
                    assertThat(e.authorizationUrl()).isEqualTo("https://idp/authorize?x=1");
                    assertThat(e.sessionUri()).isEqualTo("urn:1");
                    assertThat(e.provider()).isEqualTo("github");
                });
    }

    @Test
    void aRefusalSaysWhatTheHostSays() {
        status = 403;
        answer = "{\"message\":\"The credential provider openai is not for the workload identity hello.\"}";
        assertThatThrownBy(() -> credentials().apiKey("openai")).isInstanceOfSatisfying(CredentialException.class,
                e -> assertThat(e.type()).isEqualTo("AccessDeniedException")).hasMessage("The credential provider openai is not for the workload identity hello.");
        status = 401;
        answer = "{\"message\":\"The workload access token has expired. Get a new one.\"}";
        assertThatThrownBy(() -> credentials().apiKey("openai")).isInstanceOf(CredentialException.class).hasMessage("The workload access token has expired. Get a new one.");
        answer = "no JSON at all\n";
        assertThatThrownBy(() -> credentials().apiKey("openai")).isInstanceOf(CredentialException.class).hasMessage("no JSON at all");
        answer = "";
        assertThatThrownBy(() -> credentials().apiKey("openai")).isInstanceOf(CredentialException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "no JSON", "{\"apiKey\":\"\"}", "{\"apiKey\":1}"})
    void anAnswerThatIsNoneIsNoCredential(String other) {
        answer = other;
        assertThatThrownBy(() -> credentials().apiKey("openai")).isInstanceOf(CredentialException.class).hasMessageContaining("The platform's answer");
    }

    @Test
    void aHostThatIsNotThereIsNamedWithWhatItNeeds() {
        assertThatThrownBy(() -> away().apiKey("openai")).isInstanceOf(CredentialException.class)
                .hasMessageContaining("http://agent-identity.outbound").hasMessageContaining("usr:agentIdentity-1.0");
    }

    @Test
    void withoutATokenNobodyIsAsked() {
        assertThatThrownBy(() -> credentials(Optional.empty()).apiKey("openai")).isInstanceOf(CredentialException.class)
                .hasMessageContaining("no workload access token").hasMessageContaining("<vaultKey>");
        assertThatThrownBy(() -> credentials(Optional.empty()).accessToken("github", List.of(), AccessFlow.M2M)).isInstanceOf(CredentialException.class);
        assertThat(paths).isEmpty();
    }

    @Test
    void withoutThePlatformAnApiKeyIsTheMachinesOwn() {
        assertThat(credentials(Optional.empty()).apiKey("local")).isEqualTo("sk-local");
        answer = "{\"apiKey\":\"sk-of-the-platform\"}";
        assertThat(credentials().apiKey("local")).as("on the platform").isEqualTo("sk-of-the-platform");
    }

    @Test
    void theNewerOfBothHeadersCounts() {
        assertThat(HostCredentials.of(name -> Optional.ofNullable(Map.of("WorkloadAccessToken", "old").get(name))).token()).contains("old");
        assertThat(HostCredentials.of(name -> Optional.ofNullable(Map.of("WorkloadAccessToken", "old", "X-Amz-Bedrock-AgentCore-Identity-WAT", "new").get(name)))
                .token()).contains("new");
        assertThat(HostCredentials.of(name -> Optional.empty()).token()).isEmpty();
    }

    @Test
    void noTextHasTheTokenInIt() {
        assertThat(credentials()).asString().isEqualTo("HostCredentials[with a token]");
        assertThatThrownBy(() -> away().apiKey("openai")).asString().doesNotContain(TOKEN);
    }
}
