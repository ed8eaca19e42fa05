package dev.agentruntime.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.InboundRequest;
import dev.agentruntime.api.InboundVerdict;
import dev.agentruntime.api.InboundVerdict.Admitted;
import dev.agentruntime.api.InboundVerdict.Refused;
import dev.agentruntime.api.InboundVerdict.ServersToken;
import dev.agentruntime.api.JwtAuthorizer;
import dev.agentruntime.api.RuntimeAuthorizers;
import dev.agentruntime.api.RuntimeAuthorizers.Says;
import dev.agentruntime.api.TokensTaken;
import dev.agentruntime.config.Attributes;
import dev.agentruntime.inbound.TestSigner.Sent;
import dev.agentruntime.net.Fetch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What opens which agent, as server.xml says. */
class InboundTest {

    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(TestIssuer.NOW_SECONDS), ZoneOffset.UTC);

    private final Fetch fetch = new Fetch("test", Duration.ofSeconds(5), (SSLSocketFactory) SSLSocketFactory.getDefault(), "addresses of the <customJwtAuthorizer>");
    private final Map<String, Object> runtime = new HashMap<>();
    private final TestSigner signer = TestSigner.of(CLOCK);
    private final KeyRing ring = new KeyRing();
    private final Map<String, Object> own = new HashMap<>();
    private final List<RuntimeAuthorizers> rooms = new ArrayList<>();
    private int agents;

    @AfterEach
    void close() {
        fetch.close();
    }

    private void agent(String name, Map<String, ?> attributes) {
        String prefix = "agent." + agents++ + ".";
        runtime.put(prefix + "name", name);
        attributes.forEach((attribute, value) -> runtime.put(prefix + attribute, value));
    }

    private Map<String, Object> key(String... more) {
        Map<String, Object> key = new HashMap<>(Map.of("accessKeyId", signer.keyId(), "secret", signer.secret(), "operations", "*", "runtimes", "*"));
        for (int i = 0; i < more.length; i += 2) {
            key.put(more[i], more[i + 1]);
        }
        return key;
    }

    private void key(String pid, Map<String, Object> properties) {
        Attributes element = Attributes.of("accessKey", properties);
        AccessKeyReader.read(element).ifPresent(key -> ring.put(pid, key));
    }

    private InboundVerdict judge(InboundRequest request) {
        Entrances entrances = new Entrances(runtime);
        InboundSettings settings = InboundSettings.read(Attributes.of("agentRuntimeInbound", own));
        Openings openings = new Openings(entrances::of, () -> rooms, settings::issuerAddresses);
        return new Inbound(ring::find, openings, () -> settings, entrances::tenantClaim, fetch, CLOCK).judge(request);
    }

    private InboundRequest signed(String agent) {
        Sent sent = signer.sign("POST", "https://localhost/agents/runtimes/" + agent + "/invocations", Map.of(), new byte[] {'x'});
        return new InboundRequest("POST", sent.request().rawPath(), "", sent.request().headers(), Optional.of("InvokeAgentRuntime"), Optional.of(agent), true);
    }

    private static InboundRequest with(String agent, Map<String, List<String>> headers) {
        return new InboundRequest("POST", "/agents/runtimes/" + agent + "/invocations", "", headers, Optional.of("InvokeAgentRuntime"),
                Optional.of(agent), true);
    }

    private static InboundRequest bearer(String agent, String token) {
        return with(agent, Map.of("Authorization", List.of("Bearer " + token)));
    }

    private static String of(InboundVerdict verdict) {
        return verdict instanceof Refused refused ? refused.type() : verdict.getClass().getSimpleName();
    }

    @ParameterizedTest
    @CsvSource({"both, Admitted, ServersToken, ServersToken", "token, AccessDeniedException, ServersToken, ServersToken",
        "signature, Admitted, MissingAuthenticationTokenException, MissingAuthenticationTokenException"})
    void anAgentIsOpenedByWhatItsAttributeSays(String inbound, String signature, String token, String nothing) {
        key("p1", key());
        agent("hello", Map.of("inbound", inbound));
        assertThat(of(judge(signed("hello")))).isEqualTo(signature);
        assertThat(of(judge(bearer("hello", "t")))).isEqualTo(token);
        assertThat(of(judge(with("hello", Map.of())))).isEqualTo(nothing);
    }

    @ParameterizedTest
    @ValueSource(strings = {"signatures", "Token", "none", "both token"})
    void aWordThatSaysNotWhatOpensAnAgentShutsItAndIsTold(String inbound) {
        key("p1", key());
        agent("hello", Map.of("inbound", inbound));
        for (InboundRequest request : List.of(signed("hello"), bearer("hello", "t"), with("hello", Map.of()))) {
            assertThat(judge(request)).isInstanceOfSatisfying(Refused.class, refused -> {
                assertThat(refused.status()).isEqualTo(500);
                assertThat(refused.message()).contains("lets nobody in: its attribute inbound");
            });
        }
        Attributes own = Attributes.of("agentRuntime", runtime);
        EntranceReader.agents(own);
        assertThat(own.problems()).containsExactly("The attribute inbound of the agent hello is '" + inbound
                + "'. It must be one of both, token, signature. Until it is corrected nobody may call the agent.");
    }

    @Test
    void whoseTokensOpenAnAgentIsKnownWithoutAskingItsIssuer() {
        agent("token", Map.of("inbound", "token"));
        agent("signature", Map.of("inbound", "signature"));
        agent("own", Map.of("customJwtAuthorizer.0.discoveryUrl", "https://a.example/tenant/.well-known/openid-configuration",
                "customJwtAuthorizer.0.allowedScopes", "agents.invoke agents.all"));
        agent("wrong", Map.of("customJwtAuthorizer.0.discoveryUrl", "https://a.example/"));
        Entrances entrances = new Entrances(runtime);
        Inbound inbound = new Inbound(ring::find, Openings.of(entrances::of), () -> InboundSettings.read(Attributes.of("agentRuntimeInbound", Map.of())),
                entrances::tenantClaim, fetch, CLOCK);
        assertThat(inbound.tokens("dropped", "")).hasValue(new TokensTaken(Optional.empty(), List.of()));
        assertThat(inbound.tokens("token", "")).hasValue(new TokensTaken(Optional.empty(), List.of()));
        assertThat(inbound.tokens("own", "")).hasValue(new TokensTaken(Optional.of("https://a.example/tenant"), List.of("agents.invoke", "agents.all")));
        assertThat(inbound.tokens("signature", "")).isEmpty();
        assertThat(inbound.tokens("wrong", "")).isEmpty();
    }

    @Test
    void anAgentOfTheDropInFolderIsOpenedByBoth() {
        key("p1", key());
        assertThat(judge(signed("dropped"))).isInstanceOf(Admitted.class);
        assertThat(judge(bearer("dropped", "t"))).isInstanceOf(ServersToken.class);
    }

    @Test
    void anAgentWithAnIssuerOfItsOwnIsOpenedByThatAlone() throws Exception {
        key("p1", key());
        try (TestIssuer issuer = new TestIssuer()) {
            agent("own", Map.of("customJwtAuthorizer.0.discoveryUrl", issuer.discoveryUrl(), "customJwtAuthorizer.0.allowedAudience", "agents",
                    "customJwtAuthorizer.0.addresses", "127.0.0.1", "customJwtAuthorizer.0.customClaim.0.name", "teams",
                    "customJwtAuthorizer.0.customClaim.0.valueType", "STRING_ARRAY", "customJwtAuthorizer.0.customClaim.0.operator", "CONTAINS_ANY",
                    "customJwtAuthorizer.0.customClaim.0.value", "red, blue"));
            assertThat(judge(bearer("own", issuer.token(claims -> { })))).isInstanceOfSatisfying(Admitted.class,
                    admitted -> assertThat(admitted.caller().subject().issuer()).isEqualTo(issuer.issuer()));
            assertThat(judge(with("own", Map.of("authorization", List.of("bearer " + issuer.token(claims -> { })))))).isInstanceOf(Admitted.class);
            assertThat(of(judge(bearer("own", issuer.token(claims -> claims.setClaim("teams", List.of("green"))))))).isEqualTo("AccessDeniedException");
            assertThat(of(judge(signed("own")))).isEqualTo("AccessDeniedException");
            assertThat(judge(with("own", Map.of()))).isInstanceOfSatisfying(Refused.class, refused -> {
                assertThat(refused.status()).isEqualTo(401);
                assertThat(refused.challenge()).hasValue("Bearer realm=\"agents\"");
            });
            assertThat(of(judge(with("own", Map.of("authorization", List.of("Basic YTpi")))))).isEqualTo("UnauthorizedException");
            assertThat(judge(bearer("other", "t"))).isInstanceOf(ServersToken.class);
        }
    }

    /** As it says of {@code made} and its endpoint {@code prod}; of nothing else. */
    private void room(Says standard, Says prod) {
        rooms.add((name, qualifier) -> !name.equals("made") ? new Says.Nothing() : qualifier.equals("prod") ? prod : standard);
    }

    private static Says tokens(TestIssuer issuer, String audience) {
        return new Says.Tokens(new JwtAuthorizer(issuer.discoveryUrl(), List.of(audience), List.of(), List.of(),
                List.of(new JwtAuthorizer.Claim("teams", "STRING_ARRAY", "CONTAINS", List.of("red")))));
    }

    private static InboundRequest at(InboundRequest request, String qualifier) {
        return new InboundRequest(request.method(), request.rawPath(), request.rawQuery(), request.headers(), request.operation(), request.runtime(),
                qualifier, request.managed(), request.hasBody());
    }

    @Test
    void anAgentThatARoomHasMadeIsOpenedAsTheRoomSaysOfItsEndpoint() throws Exception {
        key("p1", key());
        own.put("issuerAddresses", "127.0.0.1");
        try (TestIssuer issuer = new TestIssuer()) {
            room(tokens(issuer, "agents"), tokens(issuer, "others"));
            InboundRequest good = bearer("made", issuer.token(claims -> claims.setClaim("teams", List.of("red"))));
            assertThat(judge(good)).isInstanceOf(Admitted.class);
            assertThat(judge(at(good, "DEFAULT"))).isInstanceOf(Admitted.class);
            assertThat(of(judge(at(good, "prod")))).isEqualTo("UnauthorizedException");
            assertThat(of(judge(bearer("made", issuer.token(claims -> claims.setClaim("teams", List.of("blue"))))))).isEqualTo("AccessDeniedException");
            assertThat(of(judge(bearer("made", "t")))).isEqualTo("UnauthorizedException");
            assertThat(of(judge(signed("made")))).isEqualTo("AccessDeniedException");
            assertThat(judge(bearer("other", "t"))).isInstanceOf(ServersToken.class);
        }
    }

    @Test
    void theIssuerOfAnAgentThatARoomHasMadeMustHaveAnAddressThatIsAllowed() throws Exception {
        try (TestIssuer issuer = new TestIssuer()) {
            room(tokens(issuer, "agents"), new Says.Nothing());
            assertThat(judge(bearer("made", issuer.token(claims -> { })))).isInstanceOfSatisfying(Refused.class,
                    refused -> assertThat(refused.status()).isEqualTo(500));
        }
    }

    @Test
    void serverXmlCountsBeforeARoom() throws Exception {
        key("p1", key());
        agent("made", Map.of("inbound", "signature"));
        try (TestIssuer issuer = new TestIssuer()) {
            room(tokens(issuer, "agents"), new Says.Nothing());
            assertThat(judge(signed("made"))).isInstanceOf(Admitted.class);
        }
    }

    @Test
    void nobodyIsLetInWhileARoomDoesNotKnowYetOrSaysWhatCannotBeUsed() {
        key("p1", key());
        room(new Says.NotYet(), new Says.Tokens(new JwtAuthorizer("ftp://a.example/.well-known/openid-configuration", List.of("agents"), List.of(), List.of(), List.of())));
        assertThat(judge(signed("made"))).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.status()).isEqualTo(503));
        assertThat(judge(bearer("made", "t"))).isInstanceOf(Refused.class);
        assertThat(judge(at(signed("made"), "prod"))).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.status()).isEqualTo(500));
    }

    @Test
    void whereSomeAddressOfIssuersIsNoneAllMustBePublic() {
        Attributes read = Attributes.of("agentRuntimeInbound", Map.of("issuerAddresses", "10.0.0.0/8, ten"));
        assertThat(InboundSettings.read(read).issuerAddresses()).isEmpty();
        assertThat(read.problems()).singleElement().asString().contains("issuerAddresses", "ten", "public");
        assertThat(InboundSettings.read(Attributes.of("agentRuntimeInbound", Map.of("issuerAddresses", "10.0.0.0/8, 127.0.0.1"))).text())
                .endsWith("issuerAddresses=10.0.0.0/8 127.0.0.1/32");
    }

    @ParameterizedTest
    @CsvSource({"both", "token", "signature"})
    void aRequestWithTwoCredentialsIsJudgedByNone(String inbound) {
        key("p1", key());
        agent("hello", Map.of("inbound", inbound));
        InboundRequest url = signer.presign("https://localhost/agents/runtimes/hello/invocations", Duration.ofSeconds(60)).request();
        List<InboundRequest> twice = List.of(
                with("hello", Map.of("authorization", List.of("Bearer a", "Bearer b"))),
                with("hello", Map.of("authorization", List.of("Bearer a", signed("hello").headers().get("authorization").get(0)))),
                also(url, "Bearer a"), also(url, "Basic YTpi"), also(url, ""), also(url, signed("hello").headers().get("authorization").get(0)));
        assertThat(twice).allSatisfy(request -> assertThat(judge(request)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.type()).isEqualTo("ValidationException");
            assertThat(refused.message()).contains("two credentials");
        }));
    }

    private static InboundRequest also(InboundRequest request, String authorization) {
        Map<String, List<String>> headers = new HashMap<>(request.headers());
        headers.put("authorization", List.of(authorization));
        return new InboundRequest(request.method(), request.rawPath(), request.rawQuery(), headers, request.operation(), request.runtime(), false);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"discoveryUrl | https://a.example/other", "discoveryUrl | ftp://a.example/.well-known/openid-configuration",
        "discoveryUrl | https://u@a.example/.well-known/openid-configuration", "discoveryUrl | https://a b/.well-known/openid-configuration",
        "allowedAudience | ''", "addresses | 10.0.0.0/40", "customClaim.0.name | x", "inbound | token"})
    void anAuthorizerThatIsWrongShutsItsAgent(String attribute, String value) {
        Map<String, String> attributes = new HashMap<>(Map.of("customJwtAuthorizer.0.discoveryUrl", "https://a.example/.well-known/openid-configuration",
                "customJwtAuthorizer.0.allowedAudience", "agents"));
        attributes.put(attribute.equals("inbound") ? attribute : "customJwtAuthorizer.0." + attribute, value);
        agent("own", attributes);
        key("p1", key());
        assertThat(judge(bearer("own", "t"))).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.status()).isEqualTo(500);
            assertThat(refused.message()).contains("lets nobody in");
        });
        assertThat(judge(signed("own"))).isInstanceOf(Refused.class);
    }

    /** As Liberty hands it over: an element that the metatype does not have by the names of its configurations. */
    @ParameterizedTest
    @ValueSource(strings = {"inbond", "Inbound", "customJwtAuthoriser", "customJWTAuthorizer", "customJwtAuthorizer.0.alowedScopes", "customJwtAuthorizer.0.customClam",
        "customJwtAuthorizer.0.customClaim.0.valu"})
    void aMistypedNameOpensNoAgentToMoreThanWereMeant(String mistyped) {
        Map<String, Object> attributes = new HashMap<>();
        if (mistyped.contains(".")) {
            attributes.putAll(Map.of("customJwtAuthorizer.0.discoveryUrl", "https://a.example/.well-known/openid-configuration",
                    "customJwtAuthorizer.0.allowedAudience", "orders", "customJwtAuthorizer.0.customClaim.0.name", "team", "customJwtAuthorizer.0.customClaim.0.value", "red"));
        }
        attributes.put(mistyped, mistyped.startsWith("custom") && !mistyped.contains("0") ? new String[] {mistyped + "-0"} : "x");
        agent("own", attributes);
        Attributes read = Attributes.of("agentRuntime", runtime);
        assertThat(EntranceReader.agents(read)).containsEntry("own", Entrance.SHUT);
        assertThat(read.problems()).singleElement().asString().contains("own", "nobody may call the agent.");
    }

    @Test
    void whatOtherRoomsHaveInAnAgentShutsItNot() {
        assertThat(EntranceReader.agents(Attributes.of("agentRuntime", Map.of("agent.0.name", "own", "agent.0.outbound.0.name", "db", "agent.0.vcpu", "2")))).isEmpty();
    }

    @Test
    void whatIsWrongWithAnAuthorizerIsTold() {
        agent("own", Map.of("customJwtAuthorizer.0.discoveryUrl", "https://a.example/.well-known/openid-configuration"));
        Attributes read = Attributes.of("agentRuntime", runtime);
        assertThat(EntranceReader.agents(read)).containsEntry("own", Entrance.SHUT);
        assertThat(read.problems()).singleElement().asString().contains("of the agent own", "every token of its issuer", "nobody may call");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"accessKeyId | short | 8 to 128", "secret | short | 16 characters", "operations | '' | operations is empty",
        "runtimes | ' , ' | runtimes is empty", "principal | 'a\tb' | control character", "principal | '\u200b' | empty", "secret | {xor}LDo8LTor | nothing to decode"})
    void aKeyThatCannotBeUsedIsLeftOutAndTold(String attribute, String value, String problem) {
        Attributes element = Attributes.of("accessKey", key(attribute, value));
        assertThat(AccessKeyReader.read(element)).isEmpty();
        assertThat(element.problems()).singleElement().asString().contains(problem, "It is left out.").doesNotContain(signer.secret());
    }

    @Test
    void aKeySaysWhatItMayAndNotItsSecret() {
        Attributes element = Attributes.of("accessKey", key("principal", "orders", "admin", "true", "mayNameUsers", "true", "tenant", "red", "runtimes", "a, b*"));
        AccessKey key = AccessKeyReader.read(element).orElseThrow();
        assertThat(key).hasToString(signer.keyId() + " of orders for [*] of [a, b*], admin, may name users");
        assertThat(key.caller().admin()).isTrue();
        assertThat(element.problems()).isEmpty();
    }

    @Test
    void anOperationThatIsNoneIsToldAndTheOthersCount() {
        Attributes element = Attributes.of("accessKey", key("operations", "InvokeAgentRuntim, Get*, invokeagentruntime, StopRuntimeSession"));
        AccessKey key = AccessKeyReader.read(element).orElseThrow();
        assertThat(element.problems()).singleElement().asString().contains(key.id(), "InvokeAgentRuntim, invokeagentruntime. There are ", "InvokeAgentRuntime, ");
        assertThat(key.operations()).contains(new Glob("Get*"), new Glob("StopRuntimeSession"));
    }

    @Test
    void twoKeysOfOneIdAreBothNotTakenUntilOneGoes() {
        key("p1", key());
        key("p2", key("principal", "other"));
        assertThat(of(judge(signed("hello")))).isEqualTo("UnrecognizedClientException");
        ring.remove("p1");
        assertThat(judge(signed("hello"))).isInstanceOfSatisfying(Admitted.class, admitted -> assertThat(admitted.caller().subject().name()).isEqualTo("other"));
    }

    @Test
    void theSettingsAndTheirDefaults() {
        Attributes own = Attributes.of("agentRuntimeInbound", Map.of("region", "eu-central-1", "signatureWindow", "1m", "maxPresigned", "ever", "keysFor", "1h"));
        InboundSettings settings = InboundSettings.read(own);
        assertThat(settings.text()).isEqualTo("region=eu-central-1, signatureWindow=1m, maxPresigned=5m, keysFor=1h, keysAgain=30s");
        assertThat(own.problems()).singleElement().asString().contains("maxPresigned");
    }

    @ParameterizedTest
    @CsvSource({"*, anything, true", "Invoke*, InvokeAgentRuntime, true", "Invoke*, invokeAgentRuntime, false", "a*b*c, aXbYc, true", "a*b*c, abc, true",
        "a*b*c, ac, false", "ab*ba, aba, false", "*b, ab, true", "hello, hello, true", "hello, hello2, false", "a**b, ab, true", "a*bc*c, abc, false"})
    void aStarStandsForAnyText(String pattern, String text, boolean matches) {
        assertThat(new Glob(pattern).matches(text)).isEqualTo(matches);
    }
}
