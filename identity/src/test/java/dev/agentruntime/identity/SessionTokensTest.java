package dev.agentruntime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RoomOperations.Answer;
import dev.agentruntime.api.Subject;
import dev.agentruntime.spi.GuestService.Ask;
import dev.agentruntime.spi.SessionFacts;
import dev.agentruntime.spi.SessionPart;
import dev.agentruntime.spi.WantedCredential;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens of sessions, and what their guests get for them. */
class SessionTokensTest extends IdentityTestBase {

    private static final String SECRET = "sk-0123456789-secret";
    private static final WantedCredential OPENAI = new WantedCredential("openai", WantedCredential.Flow.API_KEY, List.of());
    private static final Subject ALICE = new Subject("https://idp", "alice");
    private static final Subject BOB = new Subject("https://idp", "bob");

    @BeforeEach
    void make() {
        runtimes.configured.addAll(List.of("hello", "other"));
        room.tick();
        client.createApiKeyCredentialProvider(r -> r.name("openai").apiKey(SECRET));
    }

    private SessionFacts session(String id, String runtime, Subject owner) {
        return new SessionFacts(id, runtime, "digest", owner, owner.alone(), clock.instant());
    }

    private Optional<String> token(SessionFacts session) {
        return room.sessions().token(TestSessions.view(session), session.owner(), Optional.empty());
    }

    private Answer asked(SessionFacts guest, String token) {
        return asked(guest, token, "openai");
    }

    private Answer asked(SessionFacts guest, String token, String provider) {
        return room.guests().serve(guest, new Ask("POST", "/identities/api-key",
                ("{\"workloadIdentityToken\": \"" + token + "\", \"resourceCredentialProviderName\": \"" + provider + "\"}").getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void anAgentGetsAnApiKeyForTheTokenOfItsInvocation() {
        SessionFacts session = session("s-1", "hello", ALICE);
        room.sessions().join(session);
        Answer answer = asked(session, token(session).orElseThrow());
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"apiKey\":\"" + SECRET + "\"}");
    }

    @Test
    void eachInvocationBringsANewOneAndOlderOnesStayGoodWhileTheSessionLives() {
        SessionFacts session = session("s-1", "hello", ALICE);
        room.sessions().join(session);
        String first = token(session).orElseThrow();
        clock.pass(Duration.ofDays(30));
        assertThat(token(session).orElseThrow()).isNotEqualTo(first);
        assertThat(asked(session, first).status()).as("work in the background keeps it").isEqualTo(200);
    }

    @Test
    void howLongWorkInTheBackgroundKeepsItCanBeSet() {
        settings = new IdentitySettings(settings.keys(), Optional.empty(), settings.tokenLifetime(), Optional.of(Duration.ofMinutes(5)), settings.oauth2());
        SessionFacts session = session("s-1", "hello", ALICE);
        room.sessions().join(session);
        String first = token(session).orElseThrow();
        clock.pass(Duration.ofMinutes(5));
        assertThat(asked(session, first).status()).isEqualTo(401);
        assertThat(asked(session, first).body()).contains("expired");
        assertThat(asked(session, token(session).orElseThrow()).status()).as("the next invocation brings a new one").isEqualTo(200);
    }

    @Test
    void itIsGoodForNothingOutsideItsSession() throws Exception {
        SessionFacts session = session("s-1", "hello", ALICE);
        room.sessions().join(session);
        String token = token(session).orElseThrow();
        for (SessionFacts other : List.of(session("s-2", "hello", ALICE), session("s-1", "other", ALICE), session("s-1", "hello", BOB))) {
            room.sessions().join(other);
            Answer refused = asked(other, token);
            assertThat(refused.status()).as(other.toString()).isEqualTo(401);
            assertThat(refused.headers()).containsEntry("x-amzn-ErrorType", "UnauthorizedException");
            assertThat(refused.body()).contains("not made for this session").doesNotContain(SECRET);
        }
        assertThat(post("api-key", "{\"workloadIdentityToken\": \"" + token + "\", \"resourceCredentialProviderName\": \"openai\"}").body())
                .contains("was made for a session").doesNotContain(SECRET);
    }

    @Test
    void itDiesWithItsSessionAlsoWhereALaterOneHasTheSameId() {
        SessionFacts session = session("s-1", "hello", ALICE);
        SessionPart part = room.sessions().join(session);
        String token = token(session).orElseThrow();
        part.close();
        assertThat(token(session)).as("of a session that has ended").isEmpty();
        clock.pass(Duration.ofMillis(1));
        SessionFacts later = session("s-1", "hello", ALICE);
        room.sessions().join(later);
        assertThat(asked(later, token).status()).isEqualTo(401);
        assertThat(asked(later, token(later).orElseThrow()).status()).isEqualTo(200);
        part.close();
        assertThat(token(later)).as("the end of the first is not the end of the second").isPresent();
    }

    @Test
    void aTokenFromOutsideIsGoodInNoGuest() throws Exception {
        SessionFacts session = session("s-1", "hello", ALICE);
        room.sessions().join(session);
        String outside = post("GetWorkloadAccessToken", "{\"workloadName\": \"hello\"}").body().replaceFirst(".*\"workloadAccessToken\":\"([^\"]*)\".*", "$1");
        assertThat(asked(session, outside).status()).isEqualTo(401);
        assertThat(asked(session, "no token").status()).isEqualTo(401);
    }

    @Test
    void whoUsesTheSessionOfAnotherBringsNoToken() {
        SessionFacts session = session("s-1", "hello", ALICE);
        room.sessions().join(session);
        assertThat(room.sessions().token(TestSessions.view(session), BOB, Optional.empty())).isEmpty();
        assertThat(room.sessions().token(TestSessions.view(session), new Subject("https://other", "alice"), Optional.empty())).as("the same name of another issuer").isEmpty();
    }

    @Test
    void itOutlivesARestartOfTheServerWithItsSession() {
        SessionFacts session = session("s-1", "hello", ALICE);
        room.sessions().join(session);
        String token = token(session).orElseThrow();
        restart();
        room.sessions().join(session);
        assertThat(asked(session, token).status()).isEqualTo(200);
    }

    @Test
    void anAgentAsksForCredentialsAndForNothingElse() {
        SessionFacts session = session("s-1", "hello", ALICE);
        room.sessions().join(session);
        for (String path : List.of("/identities/GetWorkloadAccessToken", "/identities/GetWorkloadAccessTokenForUserId", "/identities/CreateWorkloadIdentity",
                "/identities/ListApiKeyCredentialProviders", "/identities/api-key/", "/", "identities/api-key")) {
            assertThat(room.guests().serve(session, new Ask("POST", path, "{}".getBytes(StandardCharsets.UTF_8))).status()).as(path).isEqualTo(404);
        }
        assertThat(room.guests().serve(session, new Ask("GET", "/identities/api-key", new byte[0])).status()).isEqualTo(404);
        assertThat(room.guests().serve(session, new Ask("POST", "/identities/api-key", "no JSON".getBytes(StandardCharsets.UTF_8))).status()).isEqualTo(400);
    }

    @Test
    void aProviderThatIsForOthersIsForNoSessionEither() throws Exception {
        post("UpdateApiKeyCredentialProvider", "{\"name\": \"openai\", \"apiKey\": \"" + SECRET + "\", \"allowedWorkloads\": [\"other\"]}");
        SessionFacts session = session("s-1", "hello", ALICE);
        room.sessions().join(session);
        assertThat(asked(session, token(session).orElseThrow()).status()).isEqualTo(403);
        assertThatThrownBy(() -> room.outbounds().credential(session, OPENAI)).isInstanceOfSatisfying(RequestException.class,
                e -> assertThat(e.kind()).isEqualTo(RequestException.Kind.FORBIDDEN)).hasMessageContaining("is not for the workload identity hello");
        assertThat(asked(session, token(session).orElseThrow(), "none").status()).isEqualTo(404);
    }

    @Test
    void anOutboundOfASessionGetsTheCredentialWithoutAToken() {
        SessionFacts session = session("s-1", "hello", ALICE);
        SessionPart part = room.sessions().join(session);
        assertThat(room.outbounds().credential(session, OPENAI)).isEqualTo(SECRET);
        part.close();
        assertThatThrownBy(() -> room.outbounds().credential(session, OPENAI)).isInstanceOf(RequestException.class);
    }

    @Test
    void withoutAKeyOfTheVaultThereAreNoTokensAndThatIsNoFault() {
        settings = new IdentitySettings(VaultKeys.NONE, Optional.empty(), settings.tokenLifetime());
        SessionFacts session = session("s-1", "hello", ALICE);
        room.sessions().join(session);
        assertThat(token(session)).isEmpty();
        assertThat(token(session)).isEmpty();
    }

    @Test
    void aSessionBeginsWhereTheDatabaseDoesNotAnswerAndHasTokensWhenItDoes() {
        runtimes.configured.clear();
        SessionFacts session = session("s-1", "hello", ALICE);
        room.sessions().join(session);
        assertThat(token(session)).as("its identity is not known").isEmpty();
        assertThatThrownBy(() -> room.outbounds().credential(session, OPENAI)).isInstanceOf(RequestException.class).hasMessageContaining("Ask again");
        runtimes.configured.add("hello");
        room.tick();
        assertThat(token(session)).isPresent();
    }

    @Test
    void aSessionNeedsNoLinkForItsTokens() {
        SessionPart part = room.sessions().join(session("s-1", "hello", ALICE));
        assertThat(part.takesStreams()).isFalse();
        assertThat(part.outbounds()).isEmpty();
        assertThat(part.environment()).isEmpty();
    }

    @Test
    void aSessionsTimeIsKeptToTheMillisecond() {
        Instant fine = Instant.parse("2026-11-27T12:00:00.123456789Z");
        assertThat(new SessionFacts("s", "hello", "v", ALICE, ALICE.alone(), fine).createdAt()).isEqualTo(Instant.parse("2026-11-27T12:00:00.123Z"));
    }
}
