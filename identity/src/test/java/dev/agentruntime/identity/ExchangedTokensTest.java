package dev.agentruntime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.SignedJWT;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Subject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Acting on behalf of users, at an OAuth2 server that others wrote. */
class ExchangedTokensTest extends Oauth2TestBase {

    private static final String FLOW = "ON_BEHALF_OF_TOKEN_EXCHANGE";

    @BeforeEach
    void beNow() {
        clock.pass(Duration.between(clock.instant(), Instant.now()).plusSeconds(1));
    }

    private String tokenOf(String user) {
        return provider.issueToken(ISSUER, CLIENT, new no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback(ISSUER, user, "JWT", java.util.List.of("agents"),
                Map.of("nonce", Digests.random()), 3_600)).serialize();
    }

    /** A workload access token for the user of this JWT. */
    private String workloadToken(String user, String jwt) throws Exception {
        caller = new Caller(new Subject("https://idp", user), true);
        String body = http.send(HttpRequest.newBuilder(URI.create(door.uri() + "/identities/GetWorkloadAccessTokenForJWT")).header("Authorization", "Bearer " + jwt)
                .POST(BodyPublishers.ofString("{\"workloadName\": \"orders\", \"userToken\": \"" + jwt + "\"}")).build(), BodyHandlers.ofString()).body();
        return body.replaceFirst(".*\"workloadAccessToken\":\"([^\"]*)\".*", "$1");
    }

    private JsonObjectBuilder config(String grantType, String actor) {
        JsonObjectBuilder exchange = Json.createObjectBuilder().add("grantType", grantType);
        if (!actor.isEmpty()) {
            exchange.add("tokenExchangeGrantTypeConfig", Json.createObjectBuilder().add("actorTokenContent", actor));
        }
        return config(CLIENT_SECRET).add("clientAuthenticationMethod", "CLIENT_SECRET_POST").add("onBehalfOfTokenExchangeConfig", exchange);
    }

    private String get(String token, String name) {
        JsonObject answer = room.tokens().token(Json.createObjectBuilder(new JsonRequest(token, name, FLOW, "api").json())
                .add("audiences", Json.createArrayBuilder().add("the-api")).build());
        return answer.getString("accessToken");
    }

    @Test
    void theUsersTokenIsAnAssertion() throws Exception {
        make("idp", config("JWT_AUTHORIZATION_GRANT", ""));
        String jwt = tokenOf("alice");
        String given = get(workloadToken("alice", jwt), "idp");
        assertThat(SignedJWT.parse(given).getJWTClaimsSet().getSubject()).isEqualTo("alice");
        assertThat(asked()).singleElement().satisfies(one -> assertThat(one).containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")
                .containsEntry("assertion", jwt).containsEntry("scope", "api"));
        assertThat(told).noneMatch(line -> line.contains(jwt) || line.contains(given));
    }

    @Test
    void theUsersTokenIsExchanged() throws Exception {
        try (OddProvider odd = new OddProvider()) {
            make("idp", config("TOKEN_EXCHANGE", "M2M").add("oauthDiscovery", Json.createObjectBuilder().add("discoveryUrl", odd.discovery())));
            String jwt = tokenOf("alice");
            String token = workloadToken("alice", jwt);
            odd.next(200, "{\"access_token\": \"machines\", \"token_type\": \"Bearer\", \"expires_in\": 3600}");
            odd.next(200, "{\"access_token\": \"alices\", \"token_type\": \"Bearer\", \"expires_in\": 3600, \"issued_token_type\": \"urn:ietf:params:oauth:token-type:access_token\"}");
            assertThat(get(token, "idp")).isEqualTo("alices");
            assertThat(get(token, "idp")).as("kept").isEqualTo("alices");
            assertThat(odd.bodies.get(0)).contains("grant_type=client_credentials");
            assertThat(odd.bodies.get(1)).contains("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange").contains("subject_token=" + jwt)
                    .contains("subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token").contains("actor_token=machines").contains("audience=the-api");
            String bob = workloadToken("bob", tokenOf("bob"));
            odd.next(200, "{\"access_token\": \"bobs\", \"token_type\": \"Bearer\", \"expires_in\": 3600}");
            assertThat(get(bob, "idp")).as("another user's").isEqualTo("bobs");
            String renewed = workloadToken("alice", tokenOf("alice"));
            odd.next(200, "{\"access_token\": \"alices again\", \"token_type\": \"Bearer\", \"expires_in\": 3600}");
            assertThat(get(renewed, "idp")).as("with the token of another login").isEqualTo("alices again");
        }
    }

    @Test
    void aUserWhoseTokenIsNotThereOrHasExpiredIsActedForNoMore() throws Exception {
        settings = new IdentitySettings(settings.keys(), settings.secrets(), Duration.ofDays(1), settings.sessionTokenLifetime(), settings.oauth2());
        make("idp", config("JWT_AUTHORIZATION_GRANT", ""));
        assertThatThrownBy(() -> get(tokenFor("orders", "alice"), "idp")).isInstanceOf(IdentityException.class).hasMessageContaining("no token of this user");
        String token = workloadToken("alice", tokenOf("alice"));
        assertThat(get(token, "idp")).isNotEmpty();
        restart();
        assertThat(get(token, "idp")).as("it is in the vault").isNotEmpty();
        assertThat(database.select("SELECT kind FROM identity_secret ORDER BY kind")).contains("USER_TOKEN");
        clock.pass(Duration.ofHours(3));
        assertThatThrownBy(() -> get(token, "idp")).as("the user's token has expired").isInstanceOf(IdentityException.class).hasMessageContaining("no token of this user");
        room.tick();
        assertThat(database.select("SELECT kind FROM identity_secret")).doesNotContain("USER_TOKEN");
    }
}
