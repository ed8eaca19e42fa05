package dev.agentruntime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.SignedJWT;
import dev.agentruntime.api.RoomOperations.Answer;
import dev.agentruntime.config.Attributes;
import dev.agentruntime.requests.InputException;
import dev.agentruntime.spi.GuestService.Ask;
import dev.agentruntime.spi.SessionFacts;
import jakarta.json.Json;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.bedrockagentcore.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockagentcore.model.GetResourceOauth2TokenRequest;
import software.amazon.awssdk.services.bedrockagentcore.model.InternalServerException;
import software.amazon.awssdk.services.bedrockagentcore.model.Oauth2FlowType;
import software.amazon.awssdk.services.bedrockagentcore.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockagentcore.model.UnauthorizedException;
import software.amazon.awssdk.services.bedrockagentcore.model.ValidationException;

/** Tokens of workloads themselves, from an OAuth2 server that others wrote. */
class MachineTokensTest extends Oauth2TestBase {

    private GetResourceOauth2TokenRequest.Builder request(String token) {
        return GetResourceOauth2TokenRequest.builder().workloadIdentityToken(token).resourceCredentialProviderName("idp").oauth2Flow(Oauth2FlowType.M2_M)
                .scopes("read", "write");
    }

    private String get(String token) {
        return data.getResourceOauth2Token(request(token).build()).accessToken();
    }

    @Test
    void aWorkloadGetsATokenOfItsOwn() throws Exception {
        make("idp");
        String given = get(workloadToken("orders"));
        assertThat(SignedJWT.parse(given).getJWTClaimsSet().getIssuer()).isEqualTo(provider.issuerUrl(ISSUER).toString());
        assertThat(asked()).singleElement().satisfies(one -> {
            assertThat(one).containsEntry("grant_type", "client_credentials").containsEntry("scope", "read write");
            assertThat(one.get("Authorization")).isEqualTo("Basic " + Base64.getEncoder().encodeToString((CLIENT + ":" + CLIENT_SECRET).getBytes()));
        });
        assertThat(told).anyMatch(line -> line.startsWith("AGRT6308I") && line.contains("access token of the credential provider idp was given")
                && line.contains("orders for itself"));
        assertThat(told).noneMatch(line -> line.contains(given) || line.contains(CLIENT_SECRET));
    }

    @Test
    void itIsKeptPerWorkloadAndNeverPerUserUntilItIsAboutToExpire() throws Exception {
        make("idp");
        nextExpiresIn(Duration.ofHours(1));
        String first = get(workloadToken("orders"));
        assertThat(get(workloadToken("orders"))).isEqualTo(first);
        assertThat(get(tokenFor("orders", "alice"))).as("it is nobody's").isEqualTo(first);
        assertThat(get(workloadToken("invoices"))).as("another workload's").isNotEqualTo(first);
        String token = workloadToken("orders");
        assertThat(data.getResourceOauth2Token(request(token).scopes("read").build()).accessToken()).as("for less").isNotEqualTo(first);
        assertThat(data.getResourceOauth2Token(request(token).scopes("write", "read").build()).accessToken()).as("in another order").isEqualTo(first);
        assertThat(data.getResourceOauth2Token(request(token).forceAuthentication(true).build()).accessToken()).as("forced").isNotEqualTo(first);
        String forced = get(token);
        clock.pass(Duration.ofMinutes(50));
        assertThat(get(workloadToken("orders"))).isEqualTo(forced);
        clock.pass(Duration.ofMinutes(9));
        assertThat(get(workloadToken("orders"))).isNotEqualTo(forced);
        assertThat(database.select("SELECT id FROM identity_secret WHERE kind <> 'CLIENT_SECRET'")).as("none is written down").isEmpty();
    }

    @Test
    void thousandAskersForOneTokenAreOneRequest() throws Exception {
        make("idp");
        String token = workloadToken("orders");
        Set<String> given = AtOnce.run(1_000, () -> room.tokens().token(new JsonRequest(token, "idp", "M2M").json()).getString("accessToken"));
        assertThat(given).hasSize(1);
        assertThat(asked()).hasSize(1);
    }

    @Test
    void aGuestGetsOneForTheTokenOfItsSessionAndEachRefusalIsRecordedOnce() throws Exception {
        make("idp");
        runtimes.configured.add("hello");
        room.tick();
        SessionFacts session = session("s-1");
        SessionFacts other = session("s-2");
        room.sessions().join(session);
        room.sessions().join(other);
        String own = room.sessions().token(TestSessions.view(session), session.owner(), Optional.empty()).orElseThrow();
        Answer answer = asked(session, own);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        String given = Json.createReader(new StringReader(answer.body())).readObject().getString("accessToken");
        assertThat(SignedJWT.parse(given).getJWTClaimsSet().getIssuer()).isEqualTo(provider.issuerUrl(ISSUER).toString());
        assertThat(told).anyMatch(line -> line.startsWith("AGRT6308I") && line.contains("hello for alice of https://idp in session s-1"));
        told.clear();
        assertThat(asked(other, own).status()).as("another session's").isEqualTo(401);
        assertThat(refusals()).hasSize(1);
        assertThat(asked(session, workloadToken("orders")).status()).as("from outside").isEqualTo(401);
        assertThat(refusals()).hasSize(2);
        assertThatThrownBy(() -> get(own)).as("at the front door").isInstanceOf(UnauthorizedException.class);
        assertThat(refusals()).hasSize(3).allMatch(line -> line.contains("(none: the token is not taken): UNAUTHORIZED"));
        assertThat(post("UpdateOauth2CredentialProvider", Json.createObjectBuilder(Json.createReader(new StringReader(request("idp", config(CLIENT_SECRET))))
                .readObject()).add("allowedWorkloads", Json.createArrayBuilder().add("orders")).build().toString()).statusCode()).isEqualTo(200);
        assertThat(asked(session, own).status()).as("a provider that is for others").isEqualTo(403);
        assertThat(refusals()).hasSize(4).last().asString().contains("hello for alice of https://idp in session s-1").contains("DENIED");
    }

    private List<String> refusals() {
        return told.stream().filter(line -> line.startsWith("AGRT6309W")).toList();
    }

    private Answer asked(SessionFacts guest, String token) {
        return room.guests().serve(guest, new Ask("POST", "/identities/oauth2/token",
                new JsonRequest(token, "idp", "M2M", "read").json().toString().getBytes(StandardCharsets.UTF_8)));
    }

    private SessionFacts session(String id) {
        return new SessionFacts(id, "hello", "digest", ADMIN.subject(), ADMIN.subject().alone(), clock.instant());
    }

    @Test
    void resourcesAudiencesAndParametersReachTheProviderAndNoneInThePlaceOfThePlatforms() throws Exception {
        make("idp");
        String token = workloadToken("orders");
        room.tokens().token(Json.createObjectBuilder(new JsonRequest(token, "idp", "M2M").json()).add("resources", Json.createArrayBuilder().add("https://api.example.com/"))
                .add("audiences", Json.createArrayBuilder().add("orders-api")).add("customParameters", Json.createObjectBuilder().add("tenant", "7")).build());
        assertThat(asked()).singleElement().satisfies(one -> assertThat(one).containsEntry("resource", "https://api.example.com/")
                .containsEntry("audience", "orders-api").containsEntry("tenant", "7"));
        for (String own : List.of("client_id", "Grant_Type", "scope", "client_assertion", "audience")) {
            assertThatThrownBy(() -> data.getResourceOauth2Token(request(token).customParameters(Map.of(own, "x")).build()))
                    .as(own).isInstanceOf(ValidationException.class).hasMessageContaining("said by the platform");
        }
        assertThatThrownBy(() -> data.getResourceOauth2Token(request(token).scopes("read write").build())).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> room.tokens().token(Json.createObjectBuilder(new JsonRequest(token, "idp", "M2M").json())
                .add("resources", Json.createArrayBuilder().add("orders")).build())).isInstanceOf(InputException.class).hasMessageContaining("absolute URIs");
    }

    @Test
    void theClientIsShownAsTheProviderWantsIt() throws Exception {
        make("idp", "CLIENT_SECRET_POST", CLIENT_SECRET);
        get(workloadToken("orders"));
        assertThat(asked()).singleElement().satisfies(one -> assertThat(one).containsEntry("client_id", CLIENT).containsEntry("client_secret", CLIENT_SECRET)
                .doesNotContainKey("Authorization"));
    }

    @Test
    void whatTheProviderRefusesIsTold() throws Exception {
        try (OddProvider odd = new OddProvider()) {
            make("idp", odd);
            String token = workloadToken("orders");
            odd.next(400, "{\"error\": \"invalid_scope\", \"error_description\": \"" + CLIENT_SECRET + "\"}");
            assertThatThrownBy(() -> get(token)).isInstanceOf(AccessDeniedException.class)
                    .hasMessageContaining("refuses").hasMessageContaining("'invalid_scope'").hasMessageNotContaining(CLIENT_SECRET);
            odd.next(200, "{\"error\": \"bad_verification_code\"}");
            assertThatThrownBy(() -> get(token)).isInstanceOf(AccessDeniedException.class).hasMessageContaining("'bad_verification_code'");
            odd.next(200, "{}");
            assertThat(failure(token)).contains("no token that can be read");
            odd.next(302, "{}");
            assertThat(failure(token)).contains("status 302").contains("redirects are not followed");
            odd.next(200, "{\"access_token\": \"" + "x".repeat(300_000) + "\"}");
            assertThat(failure(token)).contains("more than 262144 bytes");
            assertThat(told).anyMatch(line -> line.startsWith("AGRT6309W") && line.contains("invalid_scope")).noneMatch(line -> line.contains(CLIENT_SECRET));
        }
    }

    private String failure(String token) {
        IdentityException failure = catchThrowableOfType(IdentityException.class,
                () -> room.tokens().token(new JsonRequest(token, "idp", "M2M").json()));
        assertThat(failure.kind()).isEqualTo(IdentityException.Kind.INTERNAL);
        return failure.getMessage();
    }

    @Test
    void aProviderOfTheApiAtAPrivateAddressIsNotReachedUnlessThatIsNamed() throws Exception {
        make("idp");
        settings = new IdentitySettings(settings.keys(), Optional.empty(), IdentitySettings.STANDARD_LIFETIME, Optional.empty(), oauth2(List.of()));
        assertThat(failure(workloadToken("orders"))).contains("is a loopback address").contains("providerAddresses of <agentRuntimeIdentity>");
assertThat(asked()).as("nothing reached it").isEmpty();
    }

    @Test
    void oneOfServerXmlIsReachedAtTheHostThatServerXmlNames() {
        settings = new IdentitySettings(settings.keys(), Optional.empty(), IdentitySettings.STANDARD_LIFETIME, Optional.empty(), oauth2(List.of()));
        Map<String, Object> element = new HashMap<>(Map.of("name", "idp", "clientId", CLIENT, "secret", CLIENT_SECRET, "discoveryUrl", wellKnown()));
        configured.put("pid", ProviderReader.read(Attributes.of("credentialProvider", element), Vendors.load(), clock.instant()).orElseThrow());
        assertThat(get(workloadToken("orders"))).isNotEmpty();
    }

    @Test
    void metadataOfAnotherIssuerOrWithoutEndpointsAreNotTaken() throws Exception {
        try (OddProvider odd = new OddProvider()) {
            make("idp", odd);
            String token = workloadToken("orders");
            odd.metadata = "{\"issuer\": \"https://elsewhere.example.com\", \"token_endpoint\": \"" + odd.issuer() + "/token\"}";
            assertThat(failure(token)).contains("is of another issuer");
            odd.metadata = "{\"issuer\": \"" + odd.issuer() + "\"}";
            assertThat(failure(token)).contains("names no token_endpoint");
            odd.metadata = "[".repeat(5_000);
            assertThat(failure(token)).contains("no metadata that can be read");
        }
    }

    @Test
    void aTokenThatDoesNotSayHowLongItIsGoodIsKeptForMinutes() throws Exception {
        try (OddProvider odd = new OddProvider()) {
            make("idp", odd);
            odd.next(200, "{\"access_token\": \"first\", \"token_type\": \"bearer\"}");
            odd.next(200, "{\"access_token\": \"second\", \"token_type\": \"bearer\"}");
            assertThat(get(workloadToken("orders"))).isEqualTo("first");
            clock.pass(Duration.ofMinutes(4));
            assertThat(get(workloadToken("orders"))).isEqualTo("first");
            clock.pass(Duration.ofMinutes(1));
            assertThat(get(workloadToken("orders"))).isEqualTo("second");
        }
    }

    @Test
    void aTokenThatExpiresIsGotAnewAMinuteBefore() throws Exception {
        try (OddProvider odd = new OddProvider()) {
            make("idp", odd);
            odd.next(200, "{\"access_token\": \"first\", \"token_type\": \"bearer\", \"expires_in\": 3600}");
            odd.next(200, "{\"access_token\": \"second\", \"token_type\": \"bearer\", \"expires_in\": 3600}");
            assertThat(get(workloadToken("orders"))).isEqualTo("first");
            clock.pass(Duration.ofMinutes(59).minusMillis(1));
            assertThat(get(workloadToken("orders"))).isEqualTo("first");
            clock.pass(Duration.ofMillis(1));
            assertThat(get(workloadToken("orders"))).isEqualTo("second");
        }
    }

    @Test
    void aClientWithAKeySignsWhatItShows() throws Exception {
        clock.pass(Duration.between(clock.instant(), Instant.now()));
        RSAKey rsa = new RSAKeyGenerator(2048).keyID("of-the-jwk").generate();
        ECKey curve = new ECKeyGenerator(Curve.P_256).generate();
        String pem = "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(curve.toECPrivateKey().getEncoded()) + "\n-----END PRIVATE KEY-----\n";
        for (String algorithm : List.of("RS256", "PS256", "ES256")) {
            boolean es = algorithm.startsWith("ES");
            make(algorithm, config(es ? pem : rsa.toJSONString()).add("clientAuthenticationMethod", "PRIVATE_KEY_JWT")
                    .add("privateKeyJwtConfig", Json.createObjectBuilder().add("signingAlgorithm", algorithm)
                            .add("additionalPayloadClaims", Json.createObjectBuilder().add("tenant", "7"))));
            assertThat(room.tokens().token(new JsonRequest(workloadToken("orders"), algorithm, "M2M").json()).getString("accessToken")).isNotEmpty();
            SignedJWT shown = SignedJWT.parse(asked().get(0).get("client_assertion"));
            assertThat(shown.verify(es ? new ECDSAVerifier(curve) : new RSASSAVerifier(rsa))).isTrue();
            assertThat(shown.getHeader().getAlgorithm().getName()).isEqualTo(algorithm);
            assertThat(shown.getHeader().getKeyID()).isEqualTo(es ? null : "of-the-jwk");
            assertThat(shown.getJWTClaimsSet().getSubject()).isEqualTo(CLIENT);
            assertThat(shown.getJWTClaimsSet().getAudience()).containsExactly(provider.tokenEndpointUrl(ISSUER).toString());
            assertThat(shown.getJWTClaimsSet().getStringClaim("tenant")).isEqualTo("7");
        }
    }

    @Test
    void aProviderThatIsAwayOrForOthersOrGoneIsSaidToBe() throws Exception {
        make("idp");
        String token = workloadToken("orders");
        provider.shutdown();
        assertThatThrownBy(() -> get(token)).isInstanceOf(InternalServerException.class).hasMessageContaining("Ask again in a moment");
        client.deleteOauth2CredentialProvider(r -> r.name("idp"));
        assertThatThrownBy(() -> get(token)).isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void aProviderThatIsChangedGivesNothingOfBefore() throws Exception {
        make("idp");
        String before = get(workloadToken("orders"));
        clock.pass(Duration.ofMillis(1));
        assertThat(post("UpdateOauth2CredentialProvider", request("idp", config("another"))).statusCode()).isEqualTo(200);
        assertThat(get(workloadToken("orders"))).isNotEqualTo(before);
        assertThat(asked().stream().map(one -> one.get("Authorization")).collect(Collectors.toSet())).hasSize(2);
    }
}
