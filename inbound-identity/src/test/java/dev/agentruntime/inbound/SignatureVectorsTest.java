package dev.agentruntime.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.InboundRequest;
import dev.agentruntime.api.InboundVerdict;
import dev.agentruntime.api.InboundVerdict.Admitted;
import dev.agentruntime.api.InboundVerdict.BodyFirst;
import dev.agentruntime.api.InboundVerdict.Refused;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The requests that AWS publishes with the signatures it makes for them. */
class SignatureVectorsTest {

    private static final Clock THEN = Clock.fixed(Instant.parse("2015-08-30T12:36:00Z"), ZoneOffset.UTC);
    private static final AccessKey KEY = new AccessKey("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "someone", Optional.empty(),
            List.of(new Glob("*")), List.of(new Glob("*")), false, false);
    private static final InboundSettings SETTINGS = new InboundSettings("us-east-1", "service", Duration.ofMinutes(5), Duration.ofHours(1),
            Duration.ofMinutes(10), Duration.ofSeconds(30), List.of());
    private static final Scope SCOPE = new Scope("AKIDEXAMPLE", "20150830", "us-east-1", "service");

    private static Verifier verifier() {
        return new Verifier(id -> Optional.of(KEY).filter(key -> key.id().equals(id)), () -> SETTINGS, new Replays(100), THEN);
    }

    static List<SignatureVector> vectors() {
        return SignatureVector.all();
    }

    @Test
    void theWholeSuiteIsThere() {
        assertThat(vectors()).hasSize(38);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void aSignatureInTheHeadersIsJudgedRightly(SignatureVector vector) {
        isJudgedRightly(vector, vector.inHeaders());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void aSignatureInTheQueryIsJudgedRightly(SignatureVector vector) {
        isJudgedRightly(vector, vector.inQuery());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void eachSignatureOfASessionTokenIsAsAwsMakesIt(SignatureVector vector) {
        if (vector.token().isEmpty() || !vector.tokenSigned()) {
            return;
        }
        InboundRequest request = vector.inHeaders();
        String canonical = Canonical.request(request, vector.signedHeaders(request), SigningKey.EMPTY);
        assertThat(SigningKey.of(KEY.secret(), SCOPE).signRequest("20150830T123600Z", canonical)).isEqualTo(vector.signature());
    }

    /** Every signature with one digit changed is wrong. */
    @ParameterizedTest
    @MethodSource("vectors")
    void aSignatureThatIsNearlyRightIsWrong(SignatureVector vector) {
        InboundRequest request = vector.inHeaders();
        TreeMap<String, List<String>> headers = new TreeMap<>(request.headers());
        String right = vector.signature();
        String wrong = (right.charAt(0) == '0' ? '1' : '0') + right.substring(1);
        headers.computeIfPresent("authorization", (name, values) -> List.of(values.get(0).replace(right, wrong)));
        InboundVerdict verdict = whole(vector, verifier().judge(new InboundRequest(request.method(), request.rawPath(), request.rawQuery(),
                headers, request.operation(), request.runtime(), request.hasBody())));
        assertThat(verdict).isInstanceOf(Refused.class);
    }

    private static void isJudgedRightly(SignatureVector vector, InboundRequest request) {
        InboundVerdict verdict = whole(vector, verifier().judge(request));
        if (vector.token().isPresent()) {
            assertThat(verdict).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.type()).isEqualTo("UnrecognizedClientException"));
        } else if (vector.normalized() || Canonical.path(request.rawPath()).equals(vector.unnormalizedPath())) {
            assertThat(verdict).isInstanceOfSatisfying(Admitted.class,
                    admitted -> assertThat(admitted.caller().subject().name()).isEqualTo("someone"));
        } else {
            // Signed as for S3, which takes a path as it is; AgentCore is no S3.
            assertThat(verdict).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.type()).isEqualTo("InvalidSignatureException"));
        }
    }

    private static InboundVerdict whole(SignatureVector vector, InboundVerdict verdict) {
        return verdict instanceof BodyFirst first ? first.judge().apply(vector.body().getBytes(StandardCharsets.UTF_8)) : verdict;
    }
}
