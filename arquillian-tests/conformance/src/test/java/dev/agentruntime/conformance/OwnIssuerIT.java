package dev.agentruntime.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Tokens of an agent's own issuer, over HTTP, at the packaged server. */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
class OwnIssuerIT {

    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Server server = Server.running();

    private static HttpResponse<String> invoke(String agent, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(Server.ENDPOINT + "/runtimes/" + agent + "/invocations"))
                .POST(BodyPublishers.ofString("hello"));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static void refused(int status, String type, String words, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as("%s %s", answer.headers().map(), answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("x-amzn-ErrorType")).hasValue(type);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(answer.body()).contains("\"message\"", words);
        assertThat(answer.headers().allValues("WWW-Authenticate")).hasSize(status < 500 ? 1 : 0);
    }

    private void refused(int status, String words, String token) throws Exception {
        refused(status, status == 401 ? "UnauthorizedException" : "AccessDeniedException", words, invoke("own", "Authorization", "Bearer " + token));
    }

    private void changed(int status, String words, Consumer<JwtClaims> change) throws Exception {
        refused(status, words, server.own.token("alice", change, Map.of()));
    }

    private void opens(String token) throws Exception {
        HttpResponse<String> answer = invoke("own", "Authorization", "Bearer " + token);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
    }

    @Test
    void aGoodTokenInvokes() throws Exception {
        opens(server.own.token("alice"));
    }

    @Test
    void theServerSaysNothingOfTokensThatAreNotItsOwn() throws Exception {
        long before = complaints();
        opens(server.own.token("alice"));
        refused(401, "not signed", server.own.token("alice") + "x");
        assertThat(complaints()).as("an <authFilter> leaves the agent out").isEqualTo(before);
    }

    private static long complaints() throws Exception {
        return Server.log().lines().filter(line -> line.contains("CWWKS5523E")).count();
    }

    @Test
    void aChallengeLeadsToWhoMakesTokens() throws Exception {
        for (String[] agent : new String[][] {{"hello", server.servers.name()}, {"own", server.own.name()}}) {
            HttpResponse<String> refused = invoke(agent[0]);
            String challenge = refused.headers().firstValue("WWW-Authenticate").orElseThrow();
            String invocations = Server.ENDPOINT + "/runtimes/" + agent[0] + "/invocations";
            assertThat(challenge).startsWith("Bearer ").endsWith("resource_metadata=\"" + invocations + "/.well-known/oauth-protected-resource?qualifier=DEFAULT\"");
            HttpResponse<String> document = HTTP.send(HttpRequest.newBuilder(URI.create(invocations + "/.well-known/oauth-protected-resource?qualifier=DEFAULT"))
                    .build(), BodyHandlers.ofString());
            assertThat(document.statusCode()).isEqualTo(200);
            assertThat(document.body()).contains("\"resource\":\"" + invocations + "\"", "\"authorization_servers\":[\"" + agent[1] + "\"]");
        }
        HttpResponse<String> signed = invoke("signed");
        assertThat(signed.statusCode()).isEqualTo(403);
        assertThat(signed.headers().firstValue("WWW-Authenticate")).isEmpty();
    }

    @Test
    void whatNobodySignedIsRefused() throws Exception {
        String payload = Base64.getUrlEncoder().withoutPadding().encodeToString(server.own.claims("alice").toJson().getBytes(StandardCharsets.UTF_8));
        for (String algorithm : List.of("none", "None", "")) {
            String header = "{\"alg\":\"" + algorithm + "\",\"kid\":\"" + server.own.key().getKeyId() + "\"}";
            refused(401, "not signed", Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(StandardCharsets.UTF_8)) + "." + payload + ".");
        }
    }

    @Test
    void thePublicKeyIsNoSecret() throws Exception {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(server.own.claims("alice").toJson());
        signature.setAlgorithmHeaderValue("HS256");
        signature.setKeyIdHeaderValue(server.own.key().getKeyId());
        signature.setKey(new SecretKeySpec(server.own.key().getPublicKey().getEncoded(), "HmacSHA256"));
        refused(401, "not signed", signature.getCompactSerialization());
    }

    @Test
    void whatIsCriticalIsRefused() throws Exception {
        refused(401, "crit", server.own.token("alice", claims -> { }, Map.of("crit", List.of("exp"), "exp", 1)));
        refused(401, "crit", server.own.token("alice", claims -> { }, Map.of("crit", List.of("b64"), "b64", true)));
    }

    @Test
    void aWrongIssuerAudienceOrTimeIs401() throws Exception {
        changed(401, "another issuer", claims -> claims.setIssuer("https://elsewhere.example"));
        refused(401, "not valid for this agent runtime", server.servers.token("alice"));
        changed(401, "another audience", claims -> claims.setAudience("elsewhere"));
        changed(401, "expired", claims -> claims.setExpirationTime(NumericDate.fromSeconds(NumericDate.now().getValue() - 90)));
        changed(401, "not valid yet", claims -> claims.setNotBefore(NumericDate.fromSeconds(NumericDate.now().getValue() + 90)));
    }

    @Test
    void aWrongClientScopeOrClaimIs403() throws Exception {
        changed(403, "client_id", claims -> claims.setClaim("client_id", "other"));
        changed(403, "scope", claims -> claims.setClaim("scope", "openid"));
        changed(403, "'teams'", claims -> claims.setClaim("teams", List.of("green")));
    }

    @Test
    void anUnknownKidIsRefusedAndARotatedKeyIsTaken() throws Exception {
        opens(server.own.token("alice"));
        refused(401, "not signed", server.own.token("alice", claims -> { }, Map.of("kid", "nobody's")));
        String old = server.own.token("alice");
        server.own.rotate("next");
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> opens(server.own.token("alice")));
        refused(401, "not signed", old);
    }

    @Test
    void anIssuerThatIsDownOrWhereItMustNotBeIsTheServersFault() throws Exception {
        String token = server.own.token("alice");
        refused(500, "InternalServerException", "cannot be had", invoke("away", "Authorization", "Bearer " + token));
        refused(500, "InternalServerException", "a cloud's metadata service", invoke("metadata", "Authorization", "Bearer " + token));
    }

    @Test
    void noCookieAndNoOtherSchemeOpensAnything() throws Exception {
        for (String agent : List.of("hello", "own", "tokens")) {
            refused(401, "UnauthorizedException", "", invoke(agent));
            refused(401, "UnauthorizedException", "", invoke(agent, "Cookie", "LtpaToken2=x; jwtToken=" + server.servers.token("alice")));
            refused(401, "UnauthorizedException", "", invoke(agent, "Authorization", "Basic YTpi"));
        }
    }
}
