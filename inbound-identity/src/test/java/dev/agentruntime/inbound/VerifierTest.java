package dev.agentruntime.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.InboundRequest;
import dev.agentruntime.api.InboundVerdict;
import dev.agentruntime.api.InboundVerdict.Admitted;
import dev.agentruntime.api.InboundVerdict.BodyFirst;
import dev.agentruntime.api.InboundVerdict.Refused;
import dev.agentruntime.api.Subject;
import dev.agentruntime.inbound.TestSigner.Sent;
import dev.agentruntime.spi.fake.ManualClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, and as what. */
class VerifierTest {

    private static final Instant NOW = Instant.parse("2026-11-26T15:00:00Z");
    private static final String URI = "https://localhost/agents/runtimes/hello/invocations";
    private static final byte[] BODY = {'{', '}'};
    private static final InboundSettings SETTINGS = new InboundSettings("us-east-1", "bedrock-agentcore", Duration.ofMinutes(5),
            Duration.ofMinutes(5), Duration.ofMinutes(10), Duration.ofSeconds(30), List.of());

    private final TestSigner signer = TestSigner.of(at(NOW));
    private AccessKey key = new AccessKey(signer.keyId(), signer.secret(), "orders", Optional.of("red"), List.of(new Glob("Invoke*"), new Glob("StopRuntimeSession")),
            List.of(new Glob("hello"), new Glob("sales-*")), false, false);
    private final Replays replays = new Replays(2);

    private static Clock at(Instant instant) {
        return Clock.fixed(instant, ZoneOffset.UTC);
    }

    private InboundVerdict judge(Sent sent, Instant when) {
        return new Verifier(id -> Optional.of(key).filter(one -> one.id().equals(id)), () -> SETTINGS, replays, at(when)).judge(sent.request());
    }

    private void refused(Sent sent, String type, String words) {
        refused(sent, NOW, type, words);
    }

    private void refused(Sent sent, Instant when, String type, String words) {
        assertThat(judge(sent, when)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.type()).isEqualTo(type);
            assertThat(refused.status()).isEqualTo(type.startsWith("Incomplete") ? 400 : 403);
            assertThat(refused.message()).contains(words).doesNotContain(signer.secret());
            assertThat(refused.challenge()).isEmpty();
        });
    }

    private Sent signed() {
        return signer.sign("POST", URI, Map.of(), BODY);
    }

    private Sent of(String operation, String runtime, Map<String, String> headers) {
        Sent sent = signer.sign("POST", URI, headers, BODY);
        InboundRequest request = sent.request();
        return new Sent(new InboundRequest(request.method(), request.rawPath(), request.rawQuery(), request.headers(), Optional.of(operation),
                Optional.of(runtime), true), BODY);
    }

    @Test
    void aCallerIsThePrincipalOfItsKeyAndOfItsTenant() {
        assertThat(judge(signed(), NOW)).isInstanceOfSatisfying(Admitted.class, admitted -> assertThat(admitted.caller())
                .isEqualTo(Caller.of(new Subject("urn:agent-runtime:access-keys", "orders"), "red", false).withRight()));
    }

    @Test
    void anUnknownKeyIsAnUnrecognizedClient() {
        refused(signer.key("AKNOBODY01", signer.secret()).sign("POST", URI, Map.of(), BODY), "UnrecognizedClientException", "no access key of this id");
    }

    @Test
    void aWrongSecretIsAnInvalidSignature() {
        refused(signer.key(signer.keyId(), "another secret of some length").sign("POST", URI, Map.of(), BODY), "InvalidSignatureException", "not that of this request");
    }

    @Test
    void aSignatureForAnotherRegionOrServiceIsInvalid() {
        refused(signer.scope("eu-west-1", "bedrock-agentcore").sign("POST", URI, Map.of(), BODY), "InvalidSignatureException", "region us-east-1");
        refused(signer.scope("us-east-1", "s3").sign("POST", URI, Map.of(), BODY), "InvalidSignatureException", "service bedrock-agentcore");
    }

    @Test
    void aSignatureOutsideItsWindowIsInvalid() {
        assertThat(judge(signed(), NOW.plusSeconds(299))).isInstanceOf(Admitted.class);
        assertThat(judge(signed(), NOW.minusSeconds(299))).isInstanceOf(Admitted.class);
        refused(signed(), NOW.plusSeconds(301), "InvalidSignatureException", "Signature expired");
        refused(signed(), NOW.minusSeconds(301), "InvalidSignatureException", "not yet current");
    }

    @Test
    void theDateOfTheCredentialIsThatOfTheRequest() {
        Sent sent = signed();
        refused(sent.with("x-amz-date", "20261127T000100Z"), NOW, "InvalidSignatureException", "another than that of X-Amz-Date");
    }

    @Test
    void aSessionTokenIsRefusedBeforeAnythingElse() {
        refused(signed().with("x-amz-security-token", "token"), "UnrecognizedClientException", "Session tokens are not taken");
        Sent url = signer.presign(URI, Duration.ofMinutes(5));
        refused(url.to(url.request().rawPath(), url.request().rawQuery() + "&X-Amz-Security-Token=token"), "UnrecognizedClientException", "Session tokens");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-amz-target", "x-amzn-bedrock-agentcore-runtime-user-id", "x-amzn-bedrock-agentcore-runtime-session-id"})
    void aHeaderThatSomebodyAddedIsFound(String header) {
        refused(signed().with(header, "added"), "InvalidSignatureException", "must cover the header " + header);
    }

    @Test
    void aHeaderThatAProxyTookAwayIsNamed() {
        refused(signer.sign("POST", URI, Map.of("X-Custom", "x"), BODY).without("x-custom"), "InvalidSignatureException", "x-custom, which the request does not have");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-amzn-bedrock-agentcore-runtime-session-id", "x-amzn-bedrock-agentcore-runtime-user-id", "x-amz-date", "host"})
    void aHeaderThatSomebodySplitInTwoIsFound(String header) {
        Sent sent = signer.sign("POST", URI, Map.of("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", "one,two",
                "X-Amzn-Bedrock-AgentCore-Runtime-User-Id", "ada,bob"), BODY);
        InboundRequest whole = sent.request();
        Map<String, List<String>> headers = new TreeMap<>(whole.headers());
        headers.computeIfPresent(header, (name, values) -> values.get(0).contains(",") ? List.of(values.get(0).split(",")) : List.of(values.get(0), "x"));
        refused(new Sent(new InboundRequest("POST", whole.rawPath(), "", headers, whole.operation(), whole.runtime(), true), BODY),
                "IncompleteSignatureException", "");
    }

    @Test
    void aTraceIdMayBeAddedOnTheWay() {
        assertThat(judge(signed().with("x-amzn-trace-id", "Root=1"), NOW)).isInstanceOf(Admitted.class);
    }

    @Test
    void aKeyHasNoRightButItsOwn() {
        refused(of("GetRuntimeSessionLogs", "hello", Map.of()), "AccessDeniedException", "orders has no right to GetRuntimeSessionLogs");
        refused(of("InvokeAgentRuntime", "other", Map.of()), "AccessDeniedException", "no right to the agent runtime other");
        assertThat(judge(of("StopRuntimeSession", "sales-eu", Map.of()), NOW)).isInstanceOf(Admitted.class);
    }

    @Test
    void aKeyManagesNoAgentRuntimeButThoseItHasARightTo() {
        key = new AccessKey(key.id(), key.secret(), "orders", Optional.empty(), List.of(new Glob("*")), List.of(new Glob("sales-*")), true, false);
        refused(managing("support-AbCdEfGhIj"), "AccessDeniedException", "no right to the agent runtime support-AbCdEfGhIj");
        assertThat(judge(managing("sales-AbCdEfGhIj"), NOW)).isInstanceOf(Admitted.class);
    }

    private Sent managing(String runtime) {
        InboundRequest request = signed().request();
        return new Sent(new InboundRequest(request.method(), request.rawPath(), request.rawQuery(), request.headers(), Optional.of("UpdateAgentRuntime"),
                Optional.empty(), "", Optional.of(runtime), true), BODY);
    }

    @Test
    void namingAUserNeedsARightOfItsOwn() {
        Sent named = of("InvokeAgentRuntime", "hello", Map.of("X-Amzn-Bedrock-AgentCore-Runtime-User-Id", "ada"));
        refused(named, "AccessDeniedException", "mayNameUsers");
        key = new AccessKey(key.id(), key.secret(), "orders", Optional.empty(), key.operations(), key.runtimes(), false, true);
        assertThat(judge(named, NOW)).isInstanceOf(Admitted.class);
    }

    @Test
    void aSignedUrlExpires() {
        Sent url = signer.presign(URI, Duration.ofSeconds(60));
        refused(url, NOW.plusSeconds(61), "ExpiredTokenException", "expired");
        refused(signer.presign(URI, Duration.ofMinutes(6)), "InvalidSignatureException", "more than 300 seconds");
        assertThat(judge(url, NOW.plusSeconds(59))).isInstanceOf(Admitted.class);
    }

    @Test
    void aSignedUrlIsGoodForOneRequestAndOneMoreThanCanBeKeptInMindIsPutOff() {
        Sent first = signer.presign(URI, Duration.ofSeconds(60));
        assertThat(judge(first, NOW)).isInstanceOf(Admitted.class);
        refused(first, "InvalidSignatureException", "used already");
        assertThat(judge(signer.presign(URI + "?n=2", Duration.ofSeconds(60)), NOW)).isInstanceOf(Admitted.class);
        assertThat(judge(signer.presign(URI + "?n=3", Duration.ofSeconds(60)), NOW)).isInstanceOfSatisfying(Refused.class,
                refused -> assertThat(refused.status()).isEqualTo(429));
        Instant later = NOW.plusSeconds(100);
        assertThat(judge(TestSigner.of(at(later)).presign(URI, Duration.ofSeconds(60)), later)).isInstanceOf(Admitted.class);
    }

    @Test
    void aUsedUrlIsNotGoodAgainForWhoseBodyComesAfterItsEnd() {
        InboundRequest url = signer.presign(URI, Duration.ofSeconds(60)).request();
        InboundRequest withBody = new InboundRequest(url.method(), url.rawPath(), url.rawQuery(), url.headers(), url.operation(), url.runtime(), true);
        ManualClock clock = new ManualClock(NOW);
        Verifier verifier = new Verifier(id -> Optional.of(key), () -> SETTINGS, replays, clock);
        clock.advance(Duration.ofSeconds(59));
        BodyFirst slow = (BodyFirst) verifier.judge(withBody);
        assertThat(((BodyFirst) verifier.judge(withBody)).judge().apply(new byte[0])).isInstanceOf(Admitted.class);

        clock.advance(Duration.ofSeconds(2));

        assertThat(slow.judge().apply(new byte[0])).isInstanceOfSatisfying(Refused.class,
                refused -> assertThat(refused.type()).isEqualTo("ExpiredTokenException"));
    }

    @Test
    void noKeyTakesThePlaceOfAnothersUrls() {
        Replays one = new Replays(1);
        assertThat(one.use("A", "s1", NOW.plusSeconds(10), NOW)).isEqualTo(Replays.Seen.FIRST);
        assertThat(one.use("A", "s2", NOW.plusSeconds(10), NOW)).isEqualTo(Replays.Seen.FULL);
        assertThat(one.use("B", "s1", NOW.plusSeconds(10), NOW)).isEqualTo(Replays.Seen.FIRST);
        assertThat(one.use("A", "s1", NOW.plusSeconds(10), NOW.plusSeconds(10))).as("in its last moment").isEqualTo(Replays.Seen.AGAIN);
        assertThat(one.use("A", "s2", NOW.plusSeconds(20), NOW.plusSeconds(11))).isEqualTo(Replays.Seen.FIRST);
    }

    @Test
    void aWrongSignedUrlUsesNothingUp() {
        Sent url = signer.presign(URI, Duration.ofSeconds(60));
        refused(url.to("/other", url.request().rawQuery()), "InvalidSignatureException", "not that of this request");
        assertThat(judge(url, NOW)).isInstanceOf(Admitted.class);
    }

    @Test
    void aBodyWithoutAHashIsReadFirst() {
        Sent sent = signed();
        String hash = SigningKey.sha256(BODY);
        Map<String, List<String>> headers = new TreeMap<>(sent.request().headers());
        headers.remove("x-amz-content-sha256");
        String names = String.join(";", headers.keySet().stream().filter(name -> !name.equals("authorization")).sorted().toList());
        InboundRequest unsigned = new InboundRequest("POST", sent.request().rawPath(), "", headers, sent.request().operation(), sent.request().runtime(), true);
        Scope scope = new Scope(signer.keyId(), "20261126", "us-east-1", "bedrock-agentcore");
        String signature = SigningKey.of(signer.secret(), scope).signRequest("20261126T150000Z",
                Canonical.request(unsigned, List.of(names.split(";")), hash));
        Sent byBoto = sent.without("x-amz-content-sha256").with("authorization", "AWS4-HMAC-SHA256 Credential=" + signer.keyId() + "/" + scope.text()
                + ", SignedHeaders=" + names + ", Signature=" + signature);
        assertThat(judge(byBoto, NOW)).isInstanceOfSatisfying(BodyFirst.class, first -> {
            assertThat(first.judge().apply(BODY)).isInstanceOf(Admitted.class);
            assertThat(first.judge().apply("{ }".getBytes())).isInstanceOfSatisfying(Refused.class,
                    refused -> assertThat(refused.type()).isEqualTo("InvalidSignatureException"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=a", "AWS4-HMAC-SHA256 Credential=a/20261126/us-east-1/bedrock-agentcore/aws4_request",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261126/us-east-1/bedrock-agentcore/aws4_request, SignedHeaders=host;x-amz-date, Signature=00",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/2026/us-east-1/bedrock-agentcore/aws4_request, SignedHeaders=host, Signature=" + NOUGHT,
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261126/us-east-1/bedrock-agentcore/aws4_request, SignedHeaders=Host, Signature=" + NOUGHT,
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261126/us-east-1/bedrock-agentcore/aws4_request, SignedHeaders=host;host, Signature=" + NOUGHT,
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261126/us-east-1/bedrock-agentcore/aws4_request, Credential=b, SignedHeaders=host, Signature=" + NOUGHT,
        "AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE/20261126/us-east-1/bedrock-agentcore/aws4_request, SignedHeaders=host, Signature=" + NOUGHT})
    void aMalformedSignatureIsIncomplete(String authorization) {
        refused(signed().with("authorization", authorization), "IncompleteSignatureException", "");
    }

    private static final String NOUGHT = "0000000000000000000000000000000000000000000000000000000000000000";

    @Test
    void aSignatureThatDoesNotCoverTheHostIsInvalid() {
        refused(signed().with("authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261126/us-east-1/bedrock-agentcore/aws4_request,"
                + " SignedHeaders=x-amz-date, Signature=" + NOUGHT), "InvalidSignatureException", "must cover the header host");
    }

    @Test
    void whatIsTooLargeIsRefusedBeforeAnythingIsComputed() {
        Sent sent = signed();
        refused(sent.to("/" + "a".repeat(9_000), ""), "IncompleteSignatureException", "characters");
        refused(sent.to(sent.request().rawPath(), "a".repeat(17_000)), "IncompleteSignatureException", "characters");
        refused(sent.with("x-large", "a".repeat(140_000)), "IncompleteSignatureException", "characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-26T15:00:00Z", "20261126T150000", "20261326T150000Z", "20260230T150000Z", ""})
    void aDateIsWrittenInOneWay(String date) {
        refused(signed().with("x-amz-date", date), "IncompleteSignatureException", "X-Amz-Date");
    }

    @Test
    void aBodyOfAnUnknownFormIsRefused() {
        refused(signed().with("x-amz-content-sha256", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"), "InvalidSignatureException", "STREAMING-");
        refused(signed().with("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), "IncompleteSignatureException", "x-amz-decoded-content-length");
    }
}
