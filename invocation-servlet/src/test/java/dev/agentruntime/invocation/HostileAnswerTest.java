package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.invocation.fake.SocketStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an agent sends that never ends, or that HTTP does not know, ends its exchange and is not kept. */
class HostileAnswerTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    /** Far more than socket buffers take, far less than what would hurt. */
    private static final long ENDLESS = 64L << 20;
    private static final String HEAD = "HTTP/1.1 200 OK\r\n";
    private static final String CHUNKED = HEAD + "Transfer-Encoding: chunked\r\n\r\n";

    private AgentClient client;

    @BeforeEach
    void start() {
        client = new AgentClient();
    }

    @AfterEach
    void stop() {
        client.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', value = {
        "header fields | HTTP/1.1 200 OK\\r\\n | x-a: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\\r\\n",
        "one header field's value | HTTP/1.1 200 OK\\r\\nx-a: | bbbbbbbbbbbbbbbbbbbbbbbb",
        "one header field's name | HTTP/1.1 200 OK\\r\\n | bbbbbbbbbbbbbbbbbbbbbbbb",
        "the reason phrase | HTTP/1.1 200 O | KKKKKKKKKKKKKKKKKKKKKKKK",
        "the version | H | TTTTTTTTTTTTTTTTTTTTTTTT",
        "the status | HTTP/1.1 2 | 0000000000000000000",
        "trailers | HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n | x-a: bbbbbbbbbbbbbbbbbbbbbbbb\\r\\n",
        "one trailer | HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\nx-a: | bbbbbbbbbbbbbbbbbbbbbbbb",
        "a chunk's extension | HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n1 | ;a=bbbbbbbbbbbbbbbbbbbbb",
        "the extensions of many chunks | HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n | 1;a=bbbbbbbbbbbbbb\\r\\nx\\r\\n",
        "a chunk's size | HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n | 0000000000000000000000",
        "the interim answers' fields | HTTP/1.1 103 Early Hints\\r\\n | link: bbbbbbbbbbbbbbbbbbbbbbbb\\r\\n",
    })
    void whatNeverEndsIsCutOff(String what, String beginning, String part) throws IOException {
        try (RawAgent agent = endless(unescaped(beginning), unescaped(part))) {
            assertThat(send(agent)).succeedsWithin(LONG).matches(Result::isFailed, "failed");
            await().atMost(LONG).until(() -> agent.closed.get() == 1);
            // What the sockets hold comes on top of the bound.
            assertThat(agent.sent.get()).as("%s", what).isLessThan(ENDLESS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"100 Continue", "102 Processing", "103 Early Hints", "199 Miscellaneous"})
    void aFloodOfInterimAnswersIsCutOff(String status) throws IOException {
        try (RawAgent agent = endless("", "HTTP/1.1 " + status + "\r\n\r\n")) {
            assertThat(send(agent)).succeedsWithin(LONG).matches(Result::isFailed, "failed");
            await().atMost(LONG).until(() -> agent.closed.get() == 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"100 Continue", "102 Processing", "103 Early Hints", "199 Miscellaneous"})
    void aFewInterimAnswersOfAnyKindAreSkipped(String status) throws IOException {
        String interim = "HTTP/1.1 " + status + "\r\nlink: a\r\n\r\n";
        try (RawAgent agent = once(interim + interim + interim + HEAD + "Content-Length: 2\r\n\r\nok")) {
            assertThat(send(agent)).succeedsWithin(LONG).matches(Result::isSucceeded)
                    .extracting(result -> result.getResponse().getStatus()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "HTTP/1.1 099 Low\r\n\r\n", "HTTP/0.9 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nx: a\r\n  folded\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n"})
    void whatHttpDoesNotKnowFailsTheExchange(String answer) throws IOException {
        try (RawAgent agent = once(answer)) {
            assertThat(send(agent)).succeedsWithin(LONG).matches(Result::isFailed, "failed");
        }
    }

    @Test
    void aStatusLineAndSilenceIsNoHead() throws IOException {
        try (RawAgent agent = once(HEAD)) {
            assertThat(send(agent, Duration.ofMillis(300))).succeedsWithin(LONG).matches(Result::isFailed, "failed");
        }
    }

    @Test
    void interimAnswersDoNotMeetTheLimit() throws IOException {
        try (RawAgent agent = once("HTTP/1.1 103 Early Hints\r\n\r\n")) {
            assertThat(send(agent, Duration.ofMillis(300))).succeedsWithin(LONG).matches(Result::isFailed, "failed");
        }
    }

    @Test
    void headAndTrailersThatKeepToTheBoundArrive() throws IOException {
        String field = "x-a: " + "b".repeat(10_000) + "\r\n";
        try (RawAgent agent = once(HEAD + field + "Transfer-Encoding: chunked\r\n\r\n1;a=b\r\nx\r\n0\r\n" + field + "\r\n")) {
            assertThat(send(agent)).succeedsWithin(LONG).matches(Result::isSucceeded);
        }
    }

    @Test
    void aLongStreamOfSmallChunksIsNoHead() throws IOException {
        try (RawAgent agent = once(CHUNKED + "1\r\nx\r\n".repeat(200_000) + "0\r\n\r\n")) {
            assertThat(send(agent)).succeedsWithin(LONG).matches(Result::isSucceeded);
        }
    }

    @Test
    void aConnectionHoldsEachAnswerToTheBoundAnew() throws IOException {
        String answer = HEAD + "x-a: " + "b".repeat(20_000) + "\r\nContent-Length: 0\r\n\r\n";
        try (RawAgent agent = new RawAgent((head, connection) -> connection.send(answer))) {
            for (int i = 0; i < 4; i++) {
                assertThat(send(agent)).succeedsWithin(LONG).matches(Result::isSucceeded);
            }
            assertThat(agent.connections).hasValue(1);
        }
    }

    private static RawAgent endless(String beginning, String part) throws IOException {
        return new RawAgent((head, connection) -> {
            connection.send(beginning);
            connection.sendUpTo(ENDLESS, part.repeat(100));
            connection.hold();
        });
    }

    private static RawAgent once(String answer) throws IOException {
        return new RawAgent((head, connection) -> {
            connection.send(answer);
            connection.hold();
        });
    }

    private CompletableFuture<Result> send(RawAgent agent) {
        return send(agent, LONG);
    }

    private CompletableFuture<Result> send(RawAgent agent, Duration firstByte) {
        CompletableFuture<Result> result = new CompletableFuture<>();
        Request post = client.request("POST", "vm", "/invocations", () -> new SocketStream(agent.port())).body(new BytesRequestContent(new byte[] {'{', '}'}));
        client.send(post, firstByte, result::complete);
        return result;
    }

    private static String unescaped(String text) {
        return text.replace("\\r\\n", "\r\n");
    }
}
