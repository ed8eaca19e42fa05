package dev.agentruntime.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SignatureTest {

    private static final Credentials KEY = Credentials.accessKey("AKORDERS01", "secret", "eu-central-1");

    @Test
    void aSignatureNamesKeyRegionAndServiceAndCoversHostAndSession() {
        Map<String, String> signed = KEY.header("POST", URI.create("http://localhost:9080/agents/runtimes/a%3Ab/invocations?qualifier=x"),
                Map.of(AgentRuntimeClient.SESSION, "s"), Payload.of("{}".getBytes(StandardCharsets.UTF_8)));
        assertThat(signed).doesNotContainKeys("Host", AgentRuntimeClient.SESSION);
        assertThat(signed.get("Authorization")).matches("AWS4-HMAC-SHA256 Credential=AKORDERS01/\\d{8}/eu-central-1/bedrock-agentcore/aws4_request, "
                + "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amzn-bedrock-agentcore-runtime-session-id, Signature=[0-9a-f]{64}");
        assertThat(signed.get("x-amz-content-sha256")).isEqualTo(sha256("{}"));
    }

    @Test
    void aRequestWithoutABodyIsSignedToo() {
        Map<String, String> signed = KEY.header("GET", URI.create("http://localhost/agents/runtimes"), Map.of(), Payload.none());
        assertThat(signed.get("x-amz-content-sha256")).isEqualTo(sha256(""));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
