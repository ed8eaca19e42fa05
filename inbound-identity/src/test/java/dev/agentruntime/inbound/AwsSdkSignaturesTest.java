package dev.agentruntime.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.BodyCheck;
import dev.agentruntime.api.BodyRefusedException;
import dev.agentruntime.api.InboundVerdict;
import dev.agentruntime.api.InboundVerdict.Admitted;
import dev.agentruntime.inbound.TestSigner.Sent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.checksums.DefaultChecksumAlgorithm;
import software.amazon.awssdk.checksums.spi.ChecksumAlgorithm;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** What AWS's own SDK signs is admitted, and no longer when anything of it is changed. */
class AwsSdkSignaturesTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-26T15:00:00Z"), ZoneOffset.UTC);
    private static final String ARN = "arn%3Aaws%3Abedrock-agentcore%3Aus-east-1%3A123456789012%3Aruntime%2Fhello";
    private static final String LETTERS = "abcXYZ019-._~ %/+=&?:@!$'()*,;\"<>[]{}|^`\\#\u00e4\u1234\ud83d\ude00";
    private static final InboundSettings SETTINGS = new InboundSettings("us-east-1", "bedrock-agentcore", Duration.ofMinutes(5),
            Duration.ofMinutes(5), Duration.ofMinutes(10), Duration.ofSeconds(30), List.of());

    private final TestSigner signer = TestSigner.of(CLOCK);
    private final Verifier verifier = new Verifier(id -> Optional.of(new AccessKey(id, signer.secret(), "someone", Optional.empty(),
            List.of(new Glob("*")), List.of(new Glob("*")), false, true)), () -> SETTINGS, new Replays(10_000), CLOCK);

    private byte[] passed(Sent sent, int pieces) {
        InboundVerdict verdict = verifier.judge(sent.request());
        assertThat(verdict).isInstanceOf(Admitted.class);
        return passed(((Admitted) verdict).body(), sent.body(), pieces);
    }

    private static byte[] passed(BodyCheck check, byte[] body, int pieces) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[pieces + 3];
        for (int at = 0; at < body.length; at += pieces) {
            int length = Math.min(pieces, body.length - at);
            System.arraycopy(body, at, buffer, 3, length);
            out.write(buffer, 3, check.take(buffer, 3, length));
        }
        check.end();
        return out.toByteArray();
    }

    @Test
    void randomRequestsAreAdmittedAndNoLongerWhenOneThingIsChanged() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            Map<String, String> headers = new LinkedHashMap<>();
            for (int h = random.nextInt(6); h > 0; h--) {
                headers.put("X-Amzn-Bedrock-AgentCore-Runtime-Custom-" + h, ("a  " + random.nextInt() + "  b ").repeat(1 + random.nextInt(3)));
            }
            headers.put("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", "s".repeat(33 + random.nextInt(100)));
            StringBuilder uri = new StringBuilder("http://localhost:9080/agents/runtimes/" + Canonical.encode(text(random)) + "/invocations");
            for (int q = random.nextInt(4); q > 0; q--) {
                uri.append(uri.indexOf("?") < 0 ? "?" : "&").append(Canonical.encode("q" + text(random))).append('=').append(Canonical.encode(text(random)));
            }
            byte[] body = new byte[random.nextInt(3) == 0 ? 0 : random.nextInt(5_000)];
            random.nextBytes(body);
            Sent sent = signer.sign(body.length > 0 ? "POST" : "GET", uri.toString(), headers, body);
            assertThat(passed(sent, 1 + random.nextInt(600))).as("seed %d, request %d, %s", seed, i, uri).isEqualTo(body);
            Sent changed = switch (random.nextInt(4)) {
                case 0 -> sent.to(sent.request().rawPath() + "x", sent.request().rawQuery());
                case 1 -> sent.to(sent.request().rawPath(), sent.request().rawQuery() + "&x=y");
                case 2 -> sent.with("x-amzn-bedrock-agentcore-runtime-session-id", "t".repeat(40));
                default -> sent.with("host", "elsewhere");
            };
            assertThat(verifier.judge(changed.request())).as("seed %d, request %d changed", seed, i).isNotInstanceOf(Admitted.class);
        }
    }

    private static String text(Random random) {
        int[] letters = LETTERS.codePoints().toArray();
        StringBuilder text = new StringBuilder("r");
        for (int i = random.nextInt(20); i > 0; i--) {
            text.appendCodePoint(letters[random.nextInt(letters.length)]);
        }
        return text.toString();
    }

    @Test
    void anArnWithASlashInItsSegmentIsEncodedTwice() {
        Sent sent = signer.sign("POST", "http://localhost:9080/agents/runtimes/" + ARN + "/invocations?qualifier=DEFAULT", Map.of(), new byte[] {'x'});
        assertThat(sent.request().rawPath()).contains("runtime%2Fhello");
        assertThat(Canonical.path(sent.request().rawPath())).contains("runtime%252Fhello");
        assertThat(passed(sent, 10)).hasSize(1);
    }

    @Test
    void oneChangedByteOfABodyIsFoundBeforeItsEndIsHandedOn() {
        byte[] body = "a body of some bytes".getBytes(StandardCharsets.UTF_8);
        Sent sent = signer.sign("POST", "http://localhost/agents/runtimes/" + ARN + "/invocations", Map.of(), body);
        body[3]++;
        BodyCheck check = ((Admitted) verifier.judge(sent.request())).body();
        assertThat(check.take(body, 0, 8)).isEqualTo(8);
        assertThatThrownBy(() -> check.take(body, 8, body.length - 8)).isInstanceOfSatisfying(BodyRefusedException.class,
                refused -> assertThat(refused.refusal().type()).isEqualTo("InvalidSignatureException"));
    }

    @Test
    void aBodyThatIsNotSignedIsAdmittedAsItIs() {
        Sent sent = signer.sign("POST", "https://localhost/agents/runtimes/" + ARN + "/invocations", Map.of(), "body".getBytes(),
                more -> more.putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false));
        assertThat(sent.request().header("x-amz-content-sha256")).hasValue("UNSIGNED-PAYLOAD");
        assertThat(passed(sent, 2)).isEqualTo("body".getBytes());
    }

    private void chunked(String form, Consumer<SignRequest.Builder<AwsCredentialsIdentity>> more) {
        Random random = new Random(7);
        for (int size : new int[] {1, 100, 131_072, 300_001}) {
            byte[] body = new byte[size];
            random.nextBytes(body);
            Sent sent = signer.sign("POST", "https://localhost/agents/runtimes/" + ARN + "/invocations", Map.of(), body,
                    asked -> more.accept(asked.putProperty(AwsV4HttpSigner.CHUNK_ENCODING_ENABLED, true)));
            assertThat(sent.request().header("x-amz-content-sha256")).hasValue(form);
            assertThat(sent.body().length).isGreaterThan(size);
            for (int pieces : new int[] {1, 7, 16_384, 1_000_000}) {
                if (pieces > 1 || size < 1_000) {
                    assertThat(passed(sent, pieces)).as("%d bytes in pieces of %d", size, pieces).isEqualTo(body);
                }
            }
            BodyCheck check = ((Admitted) verifier.judge(sent.request())).body();
            assertThat(check.length()).hasValue(size);
            byte[] changed = sent.body().clone();
            changed[changed.length / 2]++;
            assertThatThrownBy(() -> passed(check, changed, 1_000)).isInstanceOf(BodyRefusedException.class);
            BodyCheck cut = ((Admitted) verifier.judge(sent.request())).body();
            byte[] half = Arrays.copyOf(sent.body(), sent.body().length - 3);
            assertThatThrownBy(() -> passed(cut, half, 1_000)).isInstanceOf(BodyRefusedException.class);
        }
    }

    @Test
    void aBodyInSignedChunksIsJudgedChunkByChunk() {
        chunked("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", more -> { });
    }

    @Test
    void aBodyInSignedChunksWithATrailerIsJudgedWithIt() {
        chunked("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
                more -> more.putProperty(AwsV4HttpSigner.CHECKSUM_ALGORITHM, DefaultChecksumAlgorithm.CRC32));
    }

    static List<ChecksumAlgorithm> checksums() {
        return List.of(DefaultChecksumAlgorithm.CRC32, DefaultChecksumAlgorithm.CRC32C, DefaultChecksumAlgorithm.SHA1, DefaultChecksumAlgorithm.SHA256);
    }

    @ParameterizedTest
    @MethodSource("checksums")
    void aBodyInChunksThatAreNotSignedIsTakenOutOfThemAndComparedWithItsChecksum(ChecksumAlgorithm checksum) {
        chunked("STREAMING-UNSIGNED-PAYLOAD-TRAILER", more -> more.putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                .putProperty(AwsV4HttpSigner.CHECKSUM_ALGORITHM, checksum));
    }

    @Test
    void aUrlSignedBeforehandIsAdmittedOnce() {
        Sent sent = signer.presign("https://localhost/agents/runtimes/" + ARN + "/ws?qualifier=DEFAULT&X-Amzn-Bedrock-AgentCore-Runtime-Session-Id="
                + "s".repeat(40), Duration.ofMinutes(5));
        assertThat(verifier.judge(sent.request())).isInstanceOf(Admitted.class);
        assertThat(verifier.judge(sent.request())).isInstanceOfSatisfying(InboundVerdict.Refused.class, refused -> {
            assertThat(refused.type()).isEqualTo("InvalidSignatureException");
            assertThat(refused.message()).contains("used already");
        });
    }
}
