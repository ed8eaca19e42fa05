package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.invocation.AgentHandshake.Accepted;
import dev.agentruntime.invocation.AgentHandshake.RefusedException;
import dev.agentruntime.invocation.fake.SocketStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentHandshakeTest {

    private static final Pattern KEY = Pattern.compile("Sec-WebSocket-Key: (.*)\r\n");
    private final AtomicReference<String> asked = new AtomicReference<>("");

    private Accepted handshake(String answer, String... offered) throws Throwable {
        try (RawAgent agent = new RawAgent((head, to) -> {
            asked.set(head);
            Matcher key = KEY.matcher(head);
            assertThat(key.find()).isTrue();
            to.send(answer.replace("\\r\\n", "\r\n").replace("ACCEPT", WebSocketHandshake.accept(key.group(1))));
            throw new IOException("enough");
        })) {
            return AgentHandshake.begin(new SocketStream(agent.port()), Runnable::run, "/ws", HttpFields.build().add("X-Custom", "ü"), List.of(offered))
                    .toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            throw e.getCause();
        }
    }

    @Test
    void anAgentThatAcceptsIsTakenAtItsWordAndWhatFollowsIsKept() throws Throwable {
        Accepted accepted = handshake("HTTP/1.1 101 Ok\\r\\nupgrade: WebSocket\\r\\nConnection: upgrade\\r\\nSEC-websocket-accept: ACCEPT\\r\\n"
                + "Sec-WebSocket-Protocol: b\\r\\n\\r\\nfirst", "a", "b");
        assertThat(accepted.protocol()).hasValue("b");
        assertThat(StandardCharsets.US_ASCII.decode(accepted.early()).toString()).isEqualTo("first");
        assertThat(asked.get()).startsWith("GET /ws HTTP/1.1\r\nHost: localhost:8080\r\n").contains("\r\nSec-WebSocket-Version: 13\r\n",
                "\r\nSec-WebSocket-Protocol: a, b\r\n", "\r\nX-Custom: ü\r\n").doesNotContain("Extensions");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "HTTP/1.1 404 No\\r\\nContent-Type: text/html\\r\\n\\r\\n<p>none</p> | Received error (404) from the agent: none",
        "HTTP/1.1 101 Ok\\r\\nUpgrade: websocket\\r\\nSec-WebSocket-Accept: wrong\\r\\n\\r\\n | without a proper Sec-WebSocket-Accept",
        "HTTP/1.1 101 Ok\\r\\nSec-WebSocket-Accept: ACCEPT\\r\\n\\r\\n | without a proper Sec-WebSocket-Accept and Upgrade",
        "HTTP/1.1 101 Ok\\r\\nUpgrade: websocket\\r\\nSec-WebSocket-Accept: ACCEPT\\r\\nSec-WebSocket-Protocol: c\\r\\n\\r\\n | was not offered",
        "HTTP/1.1 101 Ok\\r\\nUpgrade: websocket\\r\\nSec-WebSocket-Accept: ACCEPT\\r\\nSec-WebSocket-Extensions: permessage-deflate\\r\\n\\r\\n | was not offered",
        "SSH-2.0-OpenSSH\\r\\n\\r\\n | is not HTTP/1.1: SSH-2.0-OpenSSH",
        "\\r\\n\\r\\n | is not HTTP/1.1",
        "HTTP/1.1 101 | closed the connection"})
    void anyOtherAnswerIsARefusal(String answer, String why) {
        assertThatThrownBy(() -> handshake(answer, "a", "b")).isInstanceOf(RefusedException.class).hasMessageContaining(why);
    }

    @Test
    void aHeadWithoutEndIsNotKept() {
        assertThatThrownBy(() -> handshake("HTTP/1.1 101 Ok\\r\\n" + "x: y\\r\\n".repeat(10_000))).isInstanceOf(RefusedException.class)
                .hasMessageContaining("more than 32768 bytes");
    }
}
