package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.RequestException;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketHandshakeTest {

    private final FakeCaller caller = new FakeCaller().method("GET").header("Upgrade", "WebSocket").header("Connection", "keep-alive, Upgrade");

    private FakeCaller right() {
        return caller.header("Sec-WebSocket-Version", "13").header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    }

    private static String encoded(String token) {
        return WebSocketHandshake.BEARER + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(token.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theAnswerIsThatOfTheSpecificationsExample() {
        assertThat(WebSocketHandshake.of(right().request()).accept()).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @ParameterizedTest
    @CsvSource({"8, dGhlIHNhbXBsZSBub25jZQ==, Sec-WebSocket-Version", "13, c2hvcnQ=, Sec-WebSocket-Key", "13, '!', Sec-WebSocket-Key"})
    void anythingElseIsRefused(String version, String key, String names) {
        caller.header("Sec-WebSocket-Version", version).header("Sec-WebSocket-Key", key);
        assertThatThrownBy(() -> WebSocketHandshake.of(caller.request())).isInstanceOf(RequestException.class).hasMessageContaining(names);
    }

    @Test
    void aRequestForAnotherProtocolIsRefused() {
        FakeCaller h2c = new FakeCaller().method("GET").header("Upgrade", "h2c").header("Connection", "Upgrade");
        assertThatThrownBy(() -> WebSocketHandshake.of(h2c.request())).hasMessageContaining("WebSocket only");
    }

    @Test
    void aTokenAmongTheSubprotocolsIsTheRequestsAndNoneOfTheAgents() {
        HttpServletRequest judged = SubprotocolToken.of(right().header("Sec-WebSocket-Protocol", "chat, " + encoded("a.b.c") + "," + WebSocketHandshake.BEARER).request());
        assertThat(judged.getHeader("authorization")).isEqualTo("Bearer a.b.c");
        assertThat(Collections.list(judged.getHeaders("Authorization"))).containsExactly("Bearer a.b.c");
        assertThat(Collections.list(judged.getHeaderNames())).contains("Authorization");
        WebSocketHandshake handshake = WebSocketHandshake.of(judged);
        assertThat(handshake.protocols()).containsExactly("chat");
        assertThat(handshake.byToken()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bad token", "a\r\nX-Other: b", "tökén"})
    void whatIsNoTokenIsRefused(String token) {
        right().header("Sec-WebSocket-Protocol", encoded(token) + ", " + WebSocketHandshake.BEARER);
        assertThatThrownBy(() -> SubprotocolToken.of(caller.request())).isInstanceOf(RequestException.class).hasMessageContaining("encoded as base64url");
    }

    @Test
    void twoTokensAreRefused() {
        right().header("Sec-WebSocket-Protocol", encoded("a.b.c")).header("Authorization", "Bearer d");
        assertThatThrownBy(() -> SubprotocolToken.of(caller.request())).hasMessageContaining("more than one token");
    }

    @Test
    void aLongTokenIsRefused() {
        right().header("Sec-WebSocket-Protocol", encoded("a".repeat(4000)));
        assertThatThrownBy(() -> SubprotocolToken.of(caller.request())).hasMessageContaining("4096 characters");
    }

    @Test
    void whoHasATokenAmongTheSubprotocolsLeavesTheServerOneToChoose() {
        right().header("Sec-WebSocket-Protocol", encoded("a.b.c"));
        assertThatThrownBy(() -> WebSocketHandshake.of(caller.request())).hasMessageContaining("offers base64UrlBearerAuthorization as well");
    }

    @Test
    void subprotocolsOfOtherRequestsAreNoTokens() {
        FakeCaller post = new FakeCaller().header("Sec-WebSocket-Protocol", encoded("a.b.c"));
        assertThat(SubprotocolToken.of(post.request())).isSameAs(post.request());
    }
}
