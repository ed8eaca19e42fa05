package dev.agentruntime.invocation;

import static dev.agentruntime.invocation.TestDoor.HTTP;
import static dev.agentruntime.invocation.TestDoor.assertRefusal;
import static dev.agentruntime.invocation.TestDoor.uri;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers that are not known by the server's tokens, in a real Open Liberty. What their credentials mean is {@code FakeInbound}'s to say. */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
class InboundIT {

    private final TestDoor door = TestDoor.open();

    private static HttpRequest.Builder as(String authorization, String path) {
        return HttpRequest.newBuilder(uri(path)).header("Authorization", authorization).timeout(Duration.ofSeconds(60));
    }

    private static HttpResponse<String> invoke(String authorization, HttpRequest.BodyPublisher body) throws Exception {
        return HTTP.send(as(authorization, "/runtimes/echo/invocations").POST(body).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.BodyPublisher unknownLength(String body) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body.getBytes()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"AWS4-TEST alice", "AWS4-FIRST alice", "Bearer own:alice"})
    void aCallerWhomTheRoomKnowsInvokesAndOwnsItsSession(String authorization) throws Exception {
        for (HttpRequest.BodyPublisher body : new HttpRequest.BodyPublisher[] {BodyPublishers.ofString("hello!"), unknownLength("hello!")}) {
            HttpResponse<String> answer = invoke(authorization, body);
            assertThat(answer.statusCode()).as("%s %s", answer.headers().map(), answer.body()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("hello!");
            assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
            assertThat(door.agent.seen.get().getFirst(Headers.CALLER_ISSUER)).isEqualTo("urn:test");
            String session = answer.headers().firstValue(Headers.SESSION_ID).orElseThrow();
            assertThat(HTTP.send(as(authorization, "/runtimes/echo/sessions/" + session).build(), BodyHandlers.ofString()).statusCode()).isEqualTo(200);
            assertThat(HTTP.send(as(authorization.replace("alice", "mallory"), "/runtimes/echo/sessions/" + session).build(), BodyHandlers.ofString())
                    .statusCode()).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @CsvSource({"AWS4-TEST alice", "AWS4-FIRST alice"})
    void aBodyThatIsNotTheOneThatWasSignedIsRefused(String authorization) throws Exception {
        for (HttpRequest.BodyPublisher body : new HttpRequest.BodyPublisher[] {BodyPublishers.ofString("hello"), unknownLength("hello"),
            BodyPublishers.ofString("x".repeat(900))}) {
            HttpResponse<String> answer = invoke(authorization, body);
            assertThat(answer.statusCode()).isEqualTo(403);
            assertRefusal(answer, "InvalidSignatureException");
            assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void theHostIsTheOneThatWasAskedInHttp2Too(HttpClient.Version version) throws Exception {
        HttpClient client = HttpClient.newBuilder().version(version).build();
        for (int n = 0; n < 2; n++) { // the first request is one of HTTP/1.1 that asks for HTTP/2
            HttpResponse<String> answer = client.send(as("AWS4-HOST " + LibertyServer.BASE.getAuthority(), "/runtimes").build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.version()).isEqualTo(version);
        }
    }

    @Test
    void aPathOfDotsIsNone() throws Exception {
        for (String path : new String[] {"/runtimes/x/%2e%2e", "/runtimes/%2e%2e", "/runtimes/%2E/sessions"}) {
            assertThat(HTTP.send(as("AWS4-TEST alice", path).build(), BodyHandlers.ofString()).statusCode()).isIn(302, 400, 404);
        }
    }

    @Test
    void aBodyThatIsReadFirstIsReadOnlySoFar() throws Exception {
        HttpResponse<String> answer = invoke("AWS4-FIRST alice", unknownLength("x".repeat(5_000) + "!"));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertRefusal(answer, "ValidationException");
        assertThat(answer.body()).contains("x-amz-content-sha256");
    }

    @Test
    void aRefusalOfTheRoomsHasItsOwnChallengeAndNotTheServers() throws Exception {
        HttpResponse<String> signature = invoke("AWS4-BAD", BodyPublishers.ofString("hello!"));
        assertThat(signature.statusCode()).isEqualTo(403);
        assertRefusal(signature, "InvalidSignatureException");
        assertThat(signature.headers().firstValue("WWW-Authenticate")).isEmpty();
        HttpResponse<String> token = invoke("Bearer own:", BodyPublishers.ofString("hello!"));
        assertThat(token.statusCode()).isEqualTo(401);
        assertRefusal(token, "UnauthorizedException");
        assertThat(token.headers().allValues("WWW-Authenticate")).containsExactly("Bearer realm=\"agents\", error=\"invalid_token\","
                + " resource_metadata=\"" + LibertyServer.BASE + "/runtimes/echo/invocations/.well-known/oauth-protected-resource?qualifier=DEFAULT\"");
    }

    @ParameterizedTest
    @CsvSource({"echo, https://idp.test", "own, https://idp.example/tenant"})
    void whoeverHasNoTokenIsToldWhoMakesThem(String agent, String issuer) throws Exception {
        URI invocations = uri("/runtimes/" + agent + "/invocations");
        HttpResponse<String> refused = HTTP.send(HttpRequest.newBuilder(URI.create(invocations + "?qualifier=blue")).POST(BodyPublishers.ofString("x")).build(),
                BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(401);
        assertRefusal(refused, "UnauthorizedException");
        String challenge = refused.headers().firstValue("WWW-Authenticate").orElseThrow();
        assertThat(challenge).startsWith("Bearer ").contains("resource_metadata=\"" + invocations + "/.well-known/oauth-protected-resource?qualifier=blue\"");
        for (String authorization : new String[] {"", "Bearer no.good.token"}) {
            HttpRequest.Builder asked = HttpRequest.newBuilder(URI.create(challenge.replaceAll(".*resource_metadata=\"([^\"]+)\".*", "$1")));
            HttpResponse<String> document = HTTP.send(authorization.isEmpty() ? asked.build() : asked.header("Authorization", authorization).build(), BodyHandlers.ofString());
            assertThat(document.statusCode()).isEqualTo(200);
            assertThat(document.headers().firstValue("WWW-Authenticate")).isEmpty();
            assertThat(TestDoor.json(document).getString("resource")).isEqualTo(invocations.toString());
            assertThat(TestDoor.json(document).getJsonArray("authorization_servers").getString(0)).isEqualTo(issuer);
        }
    }

    @Test
    void whereNoTokenOpensThereIsNothingToTellOfTokens() throws Exception {
        HttpResponse<String> answer = HTTP.send(HttpRequest.newBuilder(uri("/runtimes/signed/invocations/.well-known/oauth-protected-resource")).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(404);
        assertRefusal(answer, "ResourceNotFoundException");
    }

    @Test
    void aCookieOfAnotherApplicationOpensNothing() throws Exception {
        for (String path : new String[] {"/runtimes", "/runtimes/echo"}) {
            assertThat(HTTP.send(HttpRequest.newBuilder(uri(path)).header("Cookie", "LtpaToken2=x").build(), BodyHandlers.ofString()).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void thereIsNothingAtAWrongPathForAKnownCallerToo() throws Exception {
        assertThat(HTTP.send(as("AWS4-TEST alice", "/elsewhere").build(), BodyHandlers.ofString()).statusCode()).isEqualTo(404);
        assertThat(HTTP.send(as("AWS4-TEST alice", "/runtimes").DELETE().build(), BodyHandlers.ofString()).statusCode()).isEqualTo(405);
    }
}
