package dev.agentruntime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jwt.SignedJWT;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.Subject;
import dev.agentruntime.spi.SessionFacts;
import dev.agentruntime.spi.WantedCredential;
import dev.agentruntime.spi.WantedCredential.Flow;
import jakarta.json.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Access tokens that go from a provider to a service, at an OAuth2 server that others wrote. */
class OutboundSecretsTest extends Oauth2TestBase {

    private static final String BACK = "https://app.example.com/back";
    private static final WantedCredential CONSENTED = new WantedCredential("idp", Flow.USER_FEDERATION, List.of("repo", "openid"));

    private SessionFacts alice;
    private SessionFacts bob;

    @BeforeEach
    void beginSessions() throws Exception {
        clock.pass(Duration.between(clock.instant(), Instant.now()).plusSeconds(1));
        make("idp", config(CLIENT_SECRET).add("clientAuthenticationMethod", "CLIENT_SECRET_POST")
                .add("onBehalfOfTokenExchangeConfig", Json.createObjectBuilder().add("grantType", "JWT_AUTHORIZATION_GRANT")));
        alice = session("s-1", "alice");
        bob = session("s-2", "bob");
    }

    private SessionFacts session(String id, String user) {
        Subject owner = new Subject(provider.issuerUrl(ISSUER).toString(), user);
        SessionFacts session = new SessionFacts(id, "orders", "digest", owner, owner.alone(), clock.instant());
        room.sessions().join(session);
        return session;
    }

    private void allowToReturn() {
        client.updateWorkloadIdentity(r -> r.name("orders").allowedResourceOauth2ReturnUrls(BACK));
    }

    private String shown(SessionFacts session, WantedCredential wanted) {
        return room.outbounds().credential(session, wanted);
    }

    private RequestException refused(SessionFacts session, WantedCredential wanted) {
        return catchThrowableOfType(RequestException.class, () -> shown(session, wanted));
    }

    /** The page of which a refusal tells. */
    private static String page(RequestException refused) {
        assertThat(refused.kind()).isEqualTo(Kind.FORBIDDEN);
        assertThat(refused).hasMessageStartingWith("The user has to consent first, for the credential provider idp: http");
        return refused.getMessage().substring(refused.getMessage().lastIndexOf(' ') + 1);
    }

    private String browse(String url) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString()).headers().firstValue("Location").orElseThrow();
    }

    /** Consents in the browser of the user, and tells the platform who came back. */
    private void consent(SessionFacts session, String page) throws Exception {
        String sessionUri = query(URI.create(browse(browse(page)))).get("session_id");
        String jwt = provider.issueToken(ISSUER, CLIENT, new DefaultOAuth2TokenCallback(ISSUER, session.owner().name(), "JWT", List.of("agents"), Map.of(), 3_600)).serialize();
        caller = new Caller(session.owner(), false);
        try {
            assertThat(http.send(HttpRequest.newBuilder(URI.create(door.uri() + "/identities/CompleteResourceTokenAuth")).header("Authorization", "Bearer " + jwt)
                    .POST(HttpRequest.BodyPublishers.ofString(Json.createObjectBuilder().add("sessionUri", sessionUri)
                            .add("userIdentifier", Json.createObjectBuilder().add("userToken", jwt)).build().toString())).build(), BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
        } finally {
            caller = ADMIN;
        }
    }

    @Test
    void theAgentsOwnTokenIsTheSameForAllItsUsers() {
        WantedCredential own = new WantedCredential("idp", Flow.M2M, List.of("read"));
        assertThat(shown(alice, own)).isNotEmpty().isEqualTo(shown(bob, own));
        assertThat(asked()).singleElement().satisfies(one -> assertThat(one).containsEntry("grant_type", "client_credentials").containsEntry("scope", "read"));
    }

    @Test
    void anOwnerConsentsOnceAndNobodyElseIsActedForByThat() throws Exception {
        allowToReturn();
        String page = page(refused(alice, CONSENTED));
        assertThat(page(refused(alice, CONSENTED))).as("who asks again meanwhile is sent to the same page").isEqualTo(page);
        String bobs = page(refused(bob, CONSENTED));
        assertThat(bobs).isNotEqualTo(page);
        consent(alice, page);
        String token = shown(alice, CONSENTED);
        assertThat(token).isNotEmpty();
        assertThat(shown(alice, CONSENTED)).isEqualTo(token);
        assertThat(shown(session("s-3", "alice"), CONSENTED)).as("in another session of hers").isEqualTo(token);
        assertThat(page(refused(bob, CONSENTED))).isEqualTo(bobs);
        assertThat(page(refused(alice, new WantedCredential("idp", Flow.USER_FEDERATION, List.of("repo", "delete"))))).as("for more").isNotEqualTo(page);
        assertThat(told).noneMatch(line -> line.contains(token));
    }

    @Test
    void aConsentThatIsOverIsBegunAnew() throws Exception {
        allowToReturn();
        String page = page(refused(alice, CONSENTED));
        clock.pass(Duration.ofMinutes(11));
        String second = page(refused(alice, CONSENTED));
        assertThat(second).isNotEqualTo(page);
        room.tick();
        clock.pass(Duration.ofMinutes(11));
        room.tick();
        String third = page(refused(alice, CONSENTED));
        assertThat(third).isNotEqualTo(second);
        consent(alice, third);
        assertThat(shown(alice, CONSENTED)).isNotEmpty();
    }

    @Test
    void aWorkloadWithoutAReturnUrlIsToldWhatItLacks() {
        RequestException refused = refused(alice, CONSENTED);
        assertThat(refused.kind()).isEqualTo(Kind.FORBIDDEN);
        assertThat(refused).hasMessageContaining("resourceOauth2ReturnUrl").hasMessageContaining("orders");
    }

    @Test
    void onBehalfOfItsOwnerIsByTheTokenThatTheOwnerCameWith() throws Exception {
        WantedCredential wanted = new WantedCredential("idp", Flow.ON_BEHALF_OF_TOKEN_EXCHANGE, List.of("api"));
        assertThat(refused(alice, wanted)).hasMessageContaining("no token of this user");
        String jwt = provider.issueToken(ISSUER, CLIENT, new DefaultOAuth2TokenCallback(ISSUER, "alice", "JWT", List.of("agents"), Map.of(), 3_600)).serialize();
        room.sessions().token(TestSessions.view(alice), alice.owner(), Optional.of(jwt));
        assertThat(SignedJWT.parse(shown(alice, wanted)).getJWTClaimsSet().getSubject()).isEqualTo("alice");
        assertThat(refused(bob, wanted)).hasMessageContaining("no token of this user");
    }

    @Test
    void aProviderThatFailsIsThePlatformsFaultAndOneThatIsForOthersIsNot() throws Exception {
        try (OddProvider odd = new OddProvider()) {
            make("odd", odd);
            odd.next(503, "no JSON");
            assertThat(refused(alice, new WantedCredential("odd", Flow.M2M, List.of())).kind()).isEqualTo(Kind.PLATFORM);
        }
        assertThat(refused(alice, new WantedCredential("none", Flow.M2M, List.of())).kind()).isEqualTo(Kind.FORBIDDEN);
        assertThatThrownBy(() -> shown(alice, new WantedCredential("idp", Flow.API_KEY, List.of()))).as("it has no API key").isInstanceOf(RequestException.class);
    }
}
