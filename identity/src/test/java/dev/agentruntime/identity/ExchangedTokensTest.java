package dev.agentruntime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.SignedJWT;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.RoomOperations.Answer;
import dev.agentruntime.api.Subject;
import dev.agentruntime.spi.GuestService.Ask;
import dev.agentruntime.spi.SessionFacts;
import dev.agentruntime.spi.SessionPart;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Acting on behalf of users, at an OAuth2 server that others wrote. */
class ExchangedTokensTest extends Oauth2TestBase {

    private static final String FLOW = "ON_BEHALF_OF_TOKEN_EXCHANGE";

    private final List<SessionPart> parts = new ArrayList<>();

    @BeforeEach
    void beNow() {
        clock.pass(Duration.between(clock.instant(), Instant.now()).plusSeconds(1));
    }

    private String tokenOf(String user) {
        return provider.issueToken(ISSUER, CLIENT, new no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback(ISSUER, user, "JWT", List.of("agents"),
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

    private SessionFacts session(String id, String user) {
        Subject owner = new Subject(provider.issuerUrl(ISSUER).toString(), user);
        SessionFacts session = new SessionFacts(id, "orders", "digest", owner, owner.alone(), clock.instant());
        parts.add(room.sessions().join(session));
        return session;
    }

    /** The token of an invocation to which the session's owner came with this one. */
    private String invoked(SessionFacts session, Optional<String> own) {
        return room.sessions().token(TestSessions.view(session), session.owner(), own).orElseThrow();
    }

    private Answer asked(SessionFacts guest, String token) {
        return room.guests().serve(guest, new Ask("POST", "/identities/oauth2/token",
                new JsonRequest(token, "idp", FLOW, "api").json().toString().getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void inASessionTheTokenThatItsOwnerCameWithIsUsedAndIsInNoAnswerLogOrDatabase() throws Exception {
        make("idp", config("JWT_AUTHORIZATION_GRANT", ""));
        SessionFacts session = session("s-1", "alice");
        String jwt = tokenOf("alice");
        Answer answer = asked(session, invoked(session, Optional.of(jwt)));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        String given = Json.createReader(new StringReader(answer.body())).readObject().getString("accessToken");
        assertThat(SignedJWT.parse(given).getJWTClaimsSet().getSubject()).isEqualTo("alice");
        assertThat(asked()).singleElement().satisfies(one -> assertThat(one).containsEntry("assertion", jwt));
        assertThat(answer.body()).doesNotContain(jwt);
        assertThat(told).noneMatch(line -> line.contains(jwt));
        assertThat(database.select("SELECT kind FROM identity_secret")).doesNotContain("USER_TOKEN");
    }

    @Test
    void inASessionNobodyIsActedForByTheTokenOfAnother() throws Exception {
        make("idp", config("JWT_AUTHORIZATION_GRANT", ""));
        SessionFacts alices = session("s-1", "alice");
        String alice = invoked(alices, Optional.of(tokenOf("alice")));
        SessionFacts bobs = session("s-2", "bob");
        assertThat(asked(bobs, invoked(bobs, Optional.empty())).status()).as("who came with none").isEqualTo(403);
        assertThat(asked(bobs, invoked(bobs, Optional.of(tokenOf("alice")))).status()).as("who came with one that is not their own").isEqualTo(403);
        assertThat(asked(bobs, invoked(bobs, Optional.of("no.j.wt"))).status()).as("who came with none that can be read").isEqualTo(403);
        assertThat(asked(bobs, alice).status()).as("with the token of another's session").isEqualTo(401);
        SessionFacts second = session("s-3", "alice");
        assertThat(asked(second, invoked(second, Optional.empty())).status()).as("another session of the same user").isEqualTo(403);
        assertThat(room.sessions().token(TestSessions.view(alices), bobs.owner(), Optional.of(tokenOf("bob")))).as("who uses it and is not its owner").isEmpty();
        assertThat(asked(alices, alice).status()).isEqualTo(200);
        assertThat(asked()).singleElement().satisfies(one -> assertThat(SignedJWT.parse(one.get("assertion")).getJWTClaimsSet().getSubject()).isEqualTo("alice"));
    }

    @Test
    void inASessionTheLatestTokenCountsUntilItExpiresOrTheSessionEnds() throws Exception {
        make("idp", config("JWT_AUTHORIZATION_GRANT", ""));
        SessionFacts session = session("s-1", "alice");
        String token = invoked(session, Optional.of(tokenOf("alice")));
        assertThat(asked(session, token).status()).isEqualTo(200);
        String renewed = tokenOf("alice");
        invoked(session, Optional.of(renewed));
        assertThat(asked(session, token).status()).as("background work with the first token of the session").isEqualTo(200);
        assertThat(asked()).last().satisfies(one -> assertThat(one).containsEntry("assertion", renewed));
        invoked(session, Optional.empty());
        assertThat(asked(session, token).status()).as("a caller without one takes none away").isEqualTo(200);
        room.tick();
        clock.pass(Duration.ofHours(3));
        assertThat(asked(session, token).body()).contains("Invoke the agent with the user's token");
        room.tick();
        assertThat(asked(session, token).status()).isEqualTo(403);
        parts.get(0).close();
        assertThat(asked(session, token).status()).isEqualTo(403);
    }

    @Test
    void aTokenOfAUserIsInNoText() throws Exception {
        Subject alice = new Subject(provider.issuerUrl(ISSUER).toString(), "alice");
        String jwt = tokenOf("alice");
        assertThat(UserToken.of(jwt, alice)).hasValueSatisfying(token -> assertThat(token.toString()).startsWith("UserToken[until ").doesNotContain(jwt));
        assertThat(UserToken.of(jwt, new Subject(alice.issuer(), "bob"))).isEmpty();
        assertThat(UserToken.of(jwt, new Subject("https://idp", "alice"))).as("the same name of another issuer").isEmpty();
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
