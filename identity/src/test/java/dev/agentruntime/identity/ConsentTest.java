package dev.agentruntime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.SignedJWT;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Subject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import software.amazon.awssdk.services.bedrockagentcore.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockagentcore.model.GetResourceOauth2TokenRequest;
import software.amazon.awssdk.services.bedrockagentcore.model.GetResourceOauth2TokenResponse;
import software.amazon.awssdk.services.bedrockagentcore.model.InternalServerException;
import software.amazon.awssdk.services.bedrockagentcore.model.Oauth2FlowType;
import software.amazon.awssdk.services.bedrockagentcore.model.SessionStatus;
import software.amazon.awssdk.services.bedrockagentcore.model.ValidationException;

/** Users consent at an OAuth2 server that others wrote, in a browser that a test plays. */
class ConsentTest extends Oauth2TestBase {

    private static final String BACK = "https://app.example.com/back?page=1";

    @BeforeEach
    void allowToReturn() throws Exception {
        client.updateWorkloadIdentity(r -> r.name("orders").allowedResourceOauth2ReturnUrls(BACK, "https://app.example.com/other"));
        make("idp");
    }

    private GetResourceOauth2TokenRequest.Builder request(String user) {
        return GetResourceOauth2TokenRequest.builder().workloadIdentityToken(tokenFor("orders", user)).resourceCredentialProviderName("idp")
                .oauth2Flow(Oauth2FlowType.USER_FEDERATION).scopes("openid", "repo").resourceOauth2ReturnUrl(BACK);
    }

    private GetResourceOauth2TokenResponse ask(String user) {
        return data.getResourceOauth2Token(request(user).build());
    }

    private GetResourceOauth2TokenResponse poll(String user, String session) {
        return data.getResourceOauth2Token(request(user).sessionUri(session).forceAuthentication(false).build());
    }

    private HttpResponse<String> browse(String url) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }

    private static String location(HttpResponse<?> response) {
        return response.headers().firstValue("Location").orElseThrow(() -> new AssertionError(response.statusCode() + " " + response.body()));
    }

    /** What the user's browser is sent to after they have consented at the provider. */
    private String consent(String authorizationUrl) throws Exception {
        return location(browse(location(browse(authorizationUrl))));
    }

    private void complete(String user, String session) {
        data.completeResourceTokenAuth(r -> r.sessionUri(session).userIdentifier(i -> i.userId(user)));
    }

    /** The whole way of one user; returns the access token. */
    private String consented(String user) throws Exception {
        GetResourceOauth2TokenResponse asked = ask(user);
        consent(asked.authorizationUrl());
        complete(user, asked.sessionUri());
        return poll(user, asked.sessionUri()).accessToken();
    }

    private long grants() throws Exception {
        return database.select("SELECT id FROM identity_secret WHERE kind = 'GRANT'").size();
    }

    @Test
    void aUserConsentsInABrowserAndTheAgentGetsTheToken() throws Exception {
        GetResourceOauth2TokenResponse asked = data.getResourceOauth2Token(request("alice").customState("of-the-app").customParameters(Map.of("access_type", "offline")).build());
        assertThat(asked.sessionStatus()).isEqualTo(SessionStatus.IN_PROGRESS);
        assertThat(asked.sessionUri()).startsWith("urn:ietf:params:oauth:request_uri:");
        assertThat(query(URI.create(asked.authorizationUrl()))).containsEntry("client_id", CLIENT).containsEntry("response_type", "code")
                .containsEntry("code_challenge_method", "S256").containsEntry("scope", "openid repo").containsEntry("access_type", "offline")
                .containsEntry("redirect_uri", door.uri() + "/identities/oauth2/callback/idp").containsKeys("state", "code_challenge");
        assertThat(poll("alice", asked.sessionUri()).sessionStatus()).isEqualTo(SessionStatus.IN_PROGRESS);
        URI back = URI.create(consent(asked.authorizationUrl()));
        assertThat(back.toString()).startsWith(BACK + "&session_id=");
        assertThat(query(back)).containsEntry("session_id", asked.sessionUri()).containsEntry("state", "of-the-app").doesNotContainKey("code");
        assertThat(asked()).as("nothing is exchanged yet").isEmpty();
        assertThat(poll("alice", asked.sessionUri()).accessToken()).isNull();
        complete("alice", asked.sessionUri());
        assertThat(asked()).singleElement().satisfies(one -> assertThat(one).containsEntry("grant_type", "authorization_code").containsKey("code_verifier")
                .containsEntry("redirect_uri", door.uri() + "/identities/oauth2/callback/idp"));
        String token = poll("alice", asked.sessionUri()).accessToken();
        assertThat(SignedJWT.parse(token).getJWTClaimsSet().getIssuer()).isEqualTo(provider.issuerUrl(ISSUER).toString());
        assertThat(ask("alice").accessToken()).as("from now on").isEqualTo(token);
        complete("alice", asked.sessionUri()); // who asks twice hears the same
        restart();
        assertThat(ask("alice").accessToken()).as("after a restart").isEqualTo(token);
        assertThat(database.select("SELECT sealed FROM identity_secret WHERE kind = 'GRANT'")).singleElement().asString().doesNotContain(token);
        assertThat(told).anyMatch(line -> line.startsWith("AGRT6310I") && line.contains("alice")).noneMatch(line -> line.contains(token));
    }

    @Test
    void userBGetsWhatIsAsByNoOperation() throws Exception {
        GetResourceOauth2TokenResponse ofA = ask("alice");
        consent(ofA.authorizationUrl());
        assertThatThrownBy(() -> complete("bob", ofA.sessionUri())).as("bob came back with alice's code").isInstanceOf(AccessDeniedException.class);
        assertThat(told).anyMatch(line -> line.startsWith("AGRT6311W") && line.contains("another user began it"));
        complete("alice", ofA.sessionUri());
        String token = poll("alice", ofA.sessionUri()).accessToken();
        assertThatThrownBy(() -> poll("bob", ofA.sessionUri())).as("alice's session URI").isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> complete("bob", ofA.sessionUri())).isInstanceOf(AccessDeniedException.class);
        assertThat(ask("bob").accessToken()).as("the same agent, provider and scopes").isNull();
        assertThatThrownBy(() -> data.getResourceOauth2Token(request("bob").oauth2Flow("ON_BEHALF_OF_TOKEN_EXCHANGE").build()))
                .isInstanceOf(AccessDeniedException.class);
        assertThat(data.getResourceOauth2Token(request("bob").oauth2Flow(Oauth2FlowType.M2_M).build()).accessToken()).isNotEqualTo(token);
        assertThatThrownBy(() -> data.getResourceOauth2Token(request("alice").workloadIdentityToken(tokenFor("invoices", "alice")).sessionUri(ofA.sessionUri()).build()))
                .as("another workload of alice's").isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> data.getResourceOauth2Token(request("alice").workloadIdentityToken(workloadToken("orders")).build()))
                .as("the workload for itself").isInstanceOf(AccessDeniedException.class);
        caller = new Caller(new Subject("https://idp", "bob"), false);
        String id = database.select("SELECT id FROM identity_secret WHERE kind = 'GRANT'").get(0);
        assertThat(call("GET", "/identities/grants").body()).isEqualTo("{\"grants\":[]}");
        assertThat(call("GET", "/identities/grants?issuer=urn:agent-runtime:user-ids&subject=alice").body()).isEqualTo("{\"grants\":[]}");
        assertThat(call("DELETE", "/identities/grants/" + id).statusCode()).isEqualTo(404);
        assertThatThrownBy(() -> complete("alice", ofA.sessionUri())).as("who is no administrator names nobody").isInstanceOf(AccessDeniedException.class);
        caller = ADMIN;
        assertThat(ask("alice").accessToken()).isEqualTo(token);
    }

    private HttpResponse<String> call(String method, String path) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(door.uri() + path)).method(method, BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    }

    @Test
    void aUserWhoRefusesIsTakenAtTheirWord() throws Exception {
        GetResourceOauth2TokenResponse asked = ask("alice");
        String state = query(URI.create(asked.authorizationUrl())).get("state");
        String back = location(browse(door.uri() + "/identities/oauth2/callback/idp?error=access_denied&state=" + state));
        assertThat(query(URI.create(back))).containsEntry("error", "access_denied").containsEntry("session_id", asked.sessionUri());
        assertThat(poll("alice", asked.sessionUri()).sessionStatus()).isEqualTo(SessionStatus.FAILED);
        assertThatThrownBy(() -> complete("alice", asked.sessionUri())).isInstanceOf(ValidationException.class).hasMessageContaining("refused");
        assertThat(grants()).isZero();
        assertThat(told).anyMatch(line -> line.startsWith("AGRT6311W") && line.contains("access_denied"));
    }

    @Test
    void whatIsNotTheProvidersOneAnswerToThisRequestIsRefused() throws Exception {
        GetResourceOauth2TokenResponse asked = ask("alice");
        String state = query(URI.create(asked.authorizationUrl())).get("state");
        String callback = door.uri() + "/identities/oauth2/callback/";
        for (String wrong : List.of("idp?code=c&state=another", "idp?code=c", "other?code=c&state=" + state, "idp?state=" + state, "idp?code=c&state=" + state + "&state=x",
                "idp?code=c&iss=https://elsewhere.example.com&state=" + state)) {
            assertThat(browse(callback + wrong)).as(wrong).satisfies(answer -> {
                assertThat(answer.statusCode()).isEqualTo(400);
                assertThat(answer.body()).contains("not waited for");
            });
        }
        assertThatThrownBy(() -> complete("alice", asked.sessionUri())).isInstanceOf(ValidationException.class).hasMessageContaining("not given yet");
        consent(asked.authorizationUrl());
        assertThat(browse(callback + "idp?code=c&state=" + state).statusCode()).as("once more").isEqualTo(400);
        complete("alice", asked.sessionUri());
        assertThat(poll("alice", asked.sessionUri()).accessToken()).isNotNull();
    }

    @Test
    void aCodeOfAnotherRequestIsOfNoUse() throws Exception {
        GetResourceOauth2TokenResponse ofA = ask("alice");
        GetResourceOauth2TokenResponse ofB = ask("bob");
        String code = query(URI.create(location(browse(ofB.authorizationUrl())))).get("code");
        String state = query(URI.create(ofA.authorizationUrl())).get("state");
        location(browse(door.uri() + "/identities/oauth2/callback/idp?code=" + code + "&state=" + state));
        assertThatThrownBy(() -> complete("alice", ofA.sessionUri())).isInstanceOf(AccessDeniedException.class).hasMessageContaining("refuses");
        assertThat(poll("alice", ofA.sessionUri()).sessionStatus()).isEqualTo(SessionStatus.FAILED);
        assertThat(grants()).isZero();
    }

    @Test
    void usersReturnToPagesOfTheListOnly() {
        for (String wrong : List.of("https://app.example.com/back", BACK + "&more=1", "https://evil.example.com/back")) {
            assertThatThrownBy(() -> data.getResourceOauth2Token(request("alice").resourceOauth2ReturnUrl(wrong).build())).as(wrong)
                    .isInstanceOf(ValidationException.class).hasMessageContaining("allowedResourceOauth2ReturnUrls");
        }
        assertThatThrownBy(() -> data.getResourceOauth2Token(request("alice").resourceOauth2ReturnUrl(null).build())).as("there are two")
                .isInstanceOf(ValidationException.class);
        client.updateWorkloadIdentity(r -> r.name("orders").allowedResourceOauth2ReturnUrls(BACK));
        assertThat(data.getResourceOauth2Token(request("alice").resourceOauth2ReturnUrl(null).build()).authorizationUrl()).as("the only one").isNotNull();
    }

    @Test
    void aConsentEndsAfterAWhile() throws Exception {
        GetResourceOauth2TokenResponse asked = ask("alice");
        GetResourceOauth2TokenResponse late = ask("alice");
        consent(asked.authorizationUrl());
        clock.pass(Duration.ofMinutes(10));
        assertThat(poll("alice", asked.sessionUri()).sessionStatus()).isEqualTo(SessionStatus.FAILED);
        assertThatThrownBy(() -> complete("alice", asked.sessionUri())).isInstanceOf(ValidationException.class).hasMessageContaining("has expired");
        assertThat(browse(location(browse(late.authorizationUrl()))).statusCode()).isEqualTo(400);
        clock.pass(Duration.ofHours(2));
        room.tick();
        assertThat(database.select("SELECT id FROM identity_consent")).isEmpty();
        assertThat(database.select("SELECT id FROM identity_secret WHERE kind <> 'CLIENT_SECRET'")).isEmpty();
        assertThatThrownBy(() -> poll("alice", asked.sessionUri())).isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void aUsersTokenThatWasRenewedMeanwhileCompletesWhatTheOldOneBegan() throws Exception {
        String first = provider.issueToken("corp", "carol", "agents").serialize();
        String second = provider.issueToken("corp", "carol", "agents", Map.of("renewed", true)).serialize();
        Subject carol = new Subject("https://idp", "carol");
        caller = new Caller(carol, true);
        String token = sent("GetWorkloadAccessTokenForJWT", first, "{\"workloadName\": \"orders\", \"userToken\": \"" + first + "\"}").body()
                .replaceFirst(".*\"workloadAccessToken\":\"([^\"]*)\".*", "$1");
        GetResourceOauth2TokenRequest ask = request("carol").workloadIdentityToken(token).build();
        GetResourceOauth2TokenResponse asked = data.getResourceOauth2Token(ask);
        consent(asked.authorizationUrl());
        String body = "{\"sessionUri\": \"" + asked.sessionUri() + "\", \"userIdentifier\": {\"userToken\": \"" + second + "\"}}";
        caller = new Caller(new Subject("https://idp", "mallory"), false);
        assertThat(sent("CompleteResourceTokenAuth", second, body).statusCode()).as("another user's").isEqualTo(403);
        caller = new Caller(carol, false);
        assertThat(sent("CompleteResourceTokenAuth", first, body).body()).as("another token than the request's").contains("must be the token that the request itself");
        HttpResponse<String> done = sent("CompleteResourceTokenAuth", second, body);
        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        assertThat(data.getResourceOauth2Token(ask).accessToken()).isNotNull();
        assertThat(call("GET", "/identities/grants").body()).contains("\"subject\":\"carol\"").contains("\"scopes\":[\"openid\",\"repo\"]");
    }

    private HttpResponse<String> sent(String operation, String bearer, String body) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(door.uri() + "/identities/" + operation)).header("Authorization", "Bearer " + bearer)
                .POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    @Test
    void aServerThatIsKilledBeforeTheCompletionLeavesAConsentThatCanBeCompleted() throws Exception {
        GetResourceOauth2TokenResponse asked = ask("alice");
        consent(asked.authorizationUrl());
        restart();
        assertThat(grants()).isZero();
        database.execute("UPDATE identity_consent SET step = 'TAKEN', changed_at = TIMESTAMP WITH TIME ZONE '2026-11-27 12:00:00+00'"); // killed in the exchange
        assertThatThrownBy(() -> complete("alice", asked.sessionUri())).isInstanceOf(InternalServerException.class).hasMessageContaining("is being completed");
        assertThat(poll("alice", asked.sessionUri()).sessionStatus()).isEqualTo(SessionStatus.IN_PROGRESS);
        clock.pass(Duration.ofMinutes(2));
        complete("alice", asked.sessionUri());
        assertThat(poll("alice", asked.sessionUri()).accessToken()).isNotNull();
        assertThat(grants()).isOne();
    }

    @Test
    void aTokenIsRenewedBeforeItExpiresAndTheNewRefreshTokenKept() throws Exception {
        nextExpiresIn(Duration.ofHours(1));
        String first = consented("alice");
        clock.pass(Duration.ofMinutes(50));
        assertThat(ask("alice").accessToken()).isEqualTo(first);
        asked();
        clock.pass(Duration.ofMinutes(9));
        String second = ask("alice").accessToken();
        assertThat(second).isNotNull().isNotEqualTo(first);
        Map<String, String> renewed = asked().get(0);
        assertThat(renewed).containsEntry("grant_type", "refresh_token");
        clock.pass(Duration.ofHours(2));
        assertThat(ask("alice").accessToken()).isNotNull().isNotEqualTo(second);
        assertThat(asked()).singleElement().satisfies(one -> assertThat(one.get("refresh_token")).isNotEqualTo(renewed.get("refresh_token")));
    }

    @Test
    void aRefreshTokenThatWasRevokedMeansThatTheUserIsAskedAgain() throws Exception {
        consented("alice");
        clock.pass(Duration.ofHours(2));
        try (OddProvider odd = new OddProvider()) {
            refuses(odd, "alice");
        }
        assertThat(grants()).as("alice's of the other provider").isOne();
    }

    /** A provider that issues a refresh token and knows nothing of it later. */
    private void refuses(OddProvider odd, String user) throws Exception {
        make("odd", odd);
        GetResourceOauth2TokenResponse asked = askOdd(user);
        location(browse(door.uri() + "/identities/oauth2/callback/odd?code=c&state=" + query(URI.create(asked.authorizationUrl())).get("state")));
        odd.next(200, "{\"access_token\": \"first\", \"token_type\": \"Bearer\", \"expires_in\": 3600, \"refresh_token\": \"r\"}");
        complete(user, asked.sessionUri());
        assertThat(askOdd(user).accessToken()).isEqualTo("first");
        clock.pass(Duration.ofMinutes(59).plusSeconds(30));
        odd.next(503, "{}");
        assertThat(askOdd(user).accessToken()).as("the provider is away, and the token good for half a minute").isEqualTo("first");
        clock.pass(Duration.ofSeconds(30));
        odd.next(503, "{}");
        assertThatThrownBy(() -> room.tokens().token(new JsonRequest(tokenFor("orders", user), "odd", "USER_FEDERATION", "openid", "repo").json()))
                .isInstanceOf(IdentityException.class).hasMessageContaining("status 503").hasMessageContaining("Ask again");
        odd.next(400, "{\"error\": \"invalid_grant\"}");
        GetResourceOauth2TokenResponse again = askOdd(user);
        assertThat(again.accessToken()).isNull();
        assertThat(again.authorizationUrl()).isNotNull();
        assertThat(database.select("SELECT id FROM identity_secret WHERE kind = 'GRANT' AND provider = 'odd'")).isEmpty();
    }

    private GetResourceOauth2TokenResponse askOdd(String user) {
        return data.getResourceOauth2Token(request(user).resourceCredentialProviderName("odd").build());
    }

    @Test
    void thousandWhoAskForOneExpiredTokenAreOneRenewal() throws Exception {
        consented("alice");
        clock.pass(Duration.ofDays(1));
        asked();
        String token = tokenFor("orders", "alice");
        Set<String> given = AtOnce.run(1_000, () -> room.tokens().token(new JsonRequest(token, "idp", "USER_FEDERATION", "openid", "repo").json()).getString("accessToken"));
        assertThat(given).hasSize(1);
        assertThat(asked()).hasSize(1);
    }

    @Test
    void aGrantIsShownToItsUserAndToAdministratorsAndTakenBack() throws Exception {
        consented("alice");
        consented("bob");
        String all = call("GET", "/identities/grants").body();
        assertThat(all).contains("\"subject\":\"alice\"").contains("\"subject\":\"bob\"").contains("\"resourceCredentialProviderName\":\"idp\"").doesNotContain("access");
        String page = call("GET", "/identities/grants?maxResults=1").body();
        String next = page.replaceFirst(".*\"nextToken\":\"([^\"]*)\".*", "$1");
        assertThat(call("GET", "/identities/grants?maxResults=1&nextToken=" + next).body()).doesNotContain("nextToken");
        assertThat(call("GET", "/identities/grants?subject=alice").body()).contains("alice").doesNotContain("bob");
        assertThat(call("GET", "/identities/grants?workloadName=invoices").body()).isEqualTo("{\"grants\":[]}");
        String id = call("GET", "/identities/grants?subject=alice").body().replaceFirst(".*\"grantId\":\"([^\"]*)\".*", "$1");
        assertThat(call("DELETE", "/identities/grants/" + id).statusCode()).isEqualTo(204);
        assertThat(call("DELETE", "/identities/grants/" + id).statusCode()).isEqualTo(404);
        assertThat(ask("alice").accessToken()).isNull();
        assertThat(ask("bob").accessToken()).isNotNull();
        assertThat(told).anyMatch(line -> line.startsWith("AGRT6312I") && line.contains("alice"));
    }

    @Test
    void grantsGoWithTheirWorkloadAndTheirProviderAndCountForTheClientTheyWereGivenTo() throws Exception {
        consented("alice");
        assertThat(post("UpdateOauth2CredentialProvider", request("idp", config("another"))).statusCode()).isEqualTo(200);
        assertThat(ask("alice").accessToken()).as("another secret of the same client").isNotNull();
        assertThat(post("UpdateOauth2CredentialProvider", request("idp", config(CLIENT_SECRET).add("clientId", "another-client"))).statusCode()).isEqualTo(200);
        assertThat(ask("alice").accessToken()).as("another client").isNull();
        client.deleteOauth2CredentialProvider(r -> r.name("idp"));
        assertThat(database.select("SELECT id FROM identity_secret")).isEmpty();
        assertThat(database.select("SELECT id FROM identity_consent")).isEmpty();
        make("idp");
        consented("alice");
        client.deleteWorkloadIdentity(r -> r.name("orders"));
        assertThat(grants()).isZero();
        assertThat(database.select("SELECT id FROM identity_consent")).isEmpty();
    }

    @Test
    void manyConsentsOfOneUserLeaveTheLastOnes() throws Exception {
        String first = ask("alice").sessionUri();
        for (int i = 0; i < Consents.MOST; i++) {
            clock.pass(Duration.ofMillis(1));
            ask("alice");
        }
        assertThat(database.select("SELECT id FROM identity_consent")).hasSize(Consents.MOST);
        assertThatThrownBy(() -> poll("alice", first)).isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void withoutAPublicUrlNobodyIsAskedAndTheSettingIsNamed() throws Exception {
        assertThat(post("GetOauth2CredentialProvider", "{\"name\": \"idp\"}").body()).contains("\"callbackUrl\":\"" + door.uri() + "/identities/oauth2/callback/idp\"");
        settings = new IdentitySettings(settings.keys(), java.util.Optional.empty(), IdentitySettings.STANDARD_LIFETIME, java.util.Optional.empty(),
                new Oauth2Settings(settings.oauth2().addresses(), java.util.Optional.empty(), Duration.ofMinutes(10)));
        assertThatThrownBy(() -> room.tokens().token(jakarta.json.Json.createObjectBuilder(new JsonRequest(tokenFor("orders", "alice"), "idp", "USER_FEDERATION").json())
                .add("resourceOauth2ReturnUrl", BACK).build())).isInstanceOf(IdentityException.class).hasMessageContaining("publicUrl");
        assertThat(post("GetOauth2CredentialProvider", "{\"name\": \"idp\"}").body()).doesNotContain("callbackUrl");
    }

    /** The key is changed while 10,000 grants are read. */
    @Test
    @EnabledIfSystemProperty(named = "long", matches = "true|")
    void noReadFailsWhileTenThousandGrantsAreWrappedAnew() throws Exception {
        int users = 10_000;
        Vault vault = new Vault(() -> settings.keys());
        IdentityStore store = new IdentityStore(new dev.agentruntime.store.Database(database));
        Grants grants = new Grants(store, vault, null, clock);
        Provider idp = store.run(tables -> new Providers(tables.transaction()).find(ProviderKind.OAUTH2, "idp")).orElseThrow();
        List<Slot> slots = IntStream.range(0, users).mapToObj(i -> new Slot(Slot.Kind.GRANT, "orders", "https://idp", "user" + i, "idp", List.of("repo"))).toList();
        slots.forEach(slot -> store.run(tables -> {
            new Secrets(tables.transaction()).put(slot, grants.sealed(slot, idp, new Issued("of " + slot.subject(), java.util.Optional.of("r"), java.util.Optional.empty())), clock.instant());
            return slot;
        }));
        settings = new IdentitySettings(TestKeys.both(settings.keys(), TestKeys.of("two")), settings.secrets(), settings.tokenLifetime(), settings.sessionTokenLifetime(), settings.oauth2());
        java.util.concurrent.CompletableFuture<Long> reader = java.util.concurrent.CompletableFuture.supplyAsync(() ->
                slots.stream().filter(slot -> grants.accessToken(slot, idp).orElseThrow().equals("of " + slot.subject())).count());
        while (!reader.isDone() || !database.select("SELECT DISTINCT key_id FROM identity_secret WHERE kind = 'GRANT'").equals(List.of("two"))) {
            room.tick();
        }
        assertThat(reader.join()).isEqualTo(users);
        List<Long> nanos = slots.stream().limit(2_000).map(slot -> {
            long before = System.nanoTime();
            grants.accessToken(slot, idp).orElseThrow();
            return System.nanoTime() - before;
        }).sorted().collect(Collectors.toList());
        System.out.printf("A grant is read in %d us at the median.%n", nanos.get(nanos.size() / 2) / 1_000);
    }
}
