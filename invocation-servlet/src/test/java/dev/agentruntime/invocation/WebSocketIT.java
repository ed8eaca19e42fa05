package dev.agentruntime.invocation;

import static dev.agentruntime.invocation.TestDoor.HTTP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets through the WAR in a real Open Liberty. */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
class WebSocketIT {

    private static final int FRAMES = 10_000;
    private static final Duration SOON = Duration.ofSeconds(20);

    private final TestDoor door = TestDoor.open();

    private String token(String order) {
        return "Authorization: Bearer " + door.alice + "\r\n" + TestAgent.DO + ": " + order + "\r\n";
    }

    private CallerSocket open(String order) throws IOException {
        CallerSocket socket = new CallerSocket("/runtimes/raw/ws", token(order));
        assertThat(socket.status).isEqualTo(101);
        return socket;
    }

    private static JsonObject json(CallerSocket refused) throws IOException {
        return Json.createReader(new StringReader(refused.body())).readObject();
    }

    private String status(String session) throws Exception {
        return TestDoor.json(TestDoor.get("/runtimes/raw/sessions/" + session, door.alice)).getString("status");
    }

    @Test
    void textAndBinaryPassBothWaysAndSoDoesTheClosingCode() throws Exception {
        try (CallerSocket socket = open("ws-echo")) {
            assertThat(socket.headers.get("Sec-WebSocket-Accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            String session = socket.headers.get(Headers.SESSION_ID);
            assertThat(session).hasSizeGreaterThanOrEqualTo(33);
            assertThat(status(session)).isEqualTo("Active");
            socket.send(Frames.text("grüß"));
            assertThat(socket.read().text()).isEqualTo("grüß");
            socket.send(Frames.masked(Frames.FIN | Frames.BINARY, new byte[64 * 1024]));
            Frames.Frame large = socket.read();
            assertThat(large.opcode()).isEqualTo(Frames.BINARY);
            assertThat(large.payload()).hasSize(64 * 1024);
            socket.send(Frames.masked(Frames.FIN | Frames.PING, "alive".getBytes()));
            assertThat(socket.read().opcode()).isEqualTo(Frames.PONG);
            socket.send(Frames.masked(Frames.TEXT, "in ".getBytes()));
            socket.send(Frames.masked(Frames.FIN, "two".getBytes()));
            assertThat(socket.read().first()).isEqualTo(Frames.TEXT);
            assertThat(socket.read().first()).isEqualTo(Frames.FIN);
            socket.send(Frames.close(4711, true));
            assertThat(socket.read().code()).isEqualTo(4711);
            assertThat(socket.in.read()).isEqualTo(-1);
            await().atMost(SOON).untilAsserted(() -> assertThat(status(session)).isEqualTo("Idle"));
        }
    }

    @Test
    void tenThousandFramesPassEachWayInOrder() throws Exception {
        try (CallerSocket socket = open("ws-echo")) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 0; i < FRAMES; i++) {
                        socket.send(Frames.masked(Frames.FIN | Frames.BINARY, ByteBuffer.allocate(4 + i % 700).putInt(0, i).array()));
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            for (int i = 0; i < FRAMES; i++) {
                byte[] payload = socket.read().payload();
                assertThat(ByteBuffer.wrap(payload).getInt()).isEqualTo(i);
                assertThat(payload).hasSize(4 + i % 700);
            }
            sending.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void framesOf64KilobytesPassWithoutLossWhileBothSidesSend() throws Exception {
        try (CallerSocket socket = open("ws-echo")) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 0; i < 500; i++) {
                        byte[] payload = new byte[64 * 1024];
                        Arrays.fill(payload, (byte) i);
                        socket.send(Frames.masked(Frames.FIN | Frames.BINARY, payload));
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            for (int i = 0; i < 500; i++) {
                byte[] expected = new byte[64 * 1024];
                Arrays.fill(expected, (byte) i);
                assertThat(socket.read().payload()).isEqualTo(expected);
            }
            sending.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void manyThatDoNotReadHoldBackTheirSendersAndNobodyElse() throws Exception {
        List<CallerSocket> open = new ArrayList<>();
        try {
            List<AtomicLong> sent = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                CallerSocket socket = open("ws-slow");
                AtomicLong bytes = new AtomicLong();
                open.add(socket);
                sent.add(bytes);
                Thread sender = new Thread(() -> {
                    try {
                        for (byte[] frame = Frames.masked(Frames.FIN | Frames.BINARY, new byte[60_000]); ; bytes.addAndGet(frame.length)) {
                            socket.send(frame);
                        }
                    } catch (IOException closed) {
                        // The test is over.
                    }
                });
                sender.setDaemon(true);
                sender.start();
                open.add(open("ws-flood"));
            }
            AtomicLong before = new AtomicLong(-1);
            await().atMost(SOON).pollInterval(Duration.ofMillis(500)).until(() -> {
                long now = sent.stream().mapToLong(AtomicLong::get).sum();
                return before.getAndSet(now) == now;
            });
            assertThat(sent).allSatisfy(bytes -> assertThat(bytes.get()).isLessThan(16L << 20));
            try (CallerSocket other = open("ws-echo")) {
                List<Long> micros = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    long begun = System.nanoTime();
                    other.send(Frames.text("quick"));
                    assertThat(other.read().text()).isEqualTo("quick");
                    micros.add((System.nanoTime() - begun) / 1000);
                }
                micros.sort(null);
                System.out.println("WebSocket round trip beside 48 that do not read: p50 " + micros.get(100) + " us, p99 " + micros.get(198) + " us");
                assertThat(micros.get(100)).isLessThan(50_000L);
            }
        } finally {
            for (CallerSocket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void theAgentsCodeArrives() throws Exception {
        try (CallerSocket socket = open("ws-close")) {
            assertThat(socket.read().text()).isEqualTo("bye");
            assertThat(socket.read().code()).isEqualTo(4001);
            socket.send(Frames.close(4001, true));
            assertThat(socket.in.read()).isEqualTo(-1);
        }
    }

    @Test
    void anAgentThatDiesIsToldAs1011AfterItsLastFrame() throws Exception {
        try (CallerSocket socket = open("ws-gone")) {
            assertThat(socket.read().text()).isEqualTo("still");
            Frames.Frame close = socket.read();
            assertThat(close.code()).isEqualTo(1011);
            assertThat(close.reason()).isEqualTo("The agent closed its connection without a close frame");
            assertThat(socket.in.read()).isEqualTo(-1);
        }
    }

    @Test
    void theEndOfTheSessionIsToldAs1001() throws Exception {
        try (CallerSocket socket = open("ws-echo")) {
            String session = socket.headers.get(Headers.SESSION_ID);
            HTTP.send(TestDoor.authorized(TestDoor.uri("/runtimes/raw/sessions/" + session), door.alice).DELETE().build(), BodyHandlers.discarding());
            Frames.Frame close = socket.read();
            assertThat(close.code()).isEqualTo(1001);
            assertThat(close.reason()).isEqualTo("The session has ended: Stopped on request");
            assertThat(socket.in.read()).isEqualTo(-1);
        }
    }

    @Test
    void anAgentThatBreaksTheProtocolIsCutOff() throws Exception {
        try (CallerSocket socket = open("ws-masked")) {
            Frames.Frame close = socket.read();
            assertThat(close.code()).isEqualTo(1011);
            assertThat(close.reason()).contains("A server does not mask its frames");
        }
    }

    @Test
    void aCallerThatBreaksTheProtocolIsToldWhy() throws Exception {
        try (CallerSocket socket = open("ws-echo")) {
            socket.send(Frames.plain(Frames.FIN | Frames.TEXT, "unmasked".getBytes()));
            assertThat(socket.read().code()).isEqualTo(1002);
            assertThat(socket.in.read()).isEqualTo(-1);
        }
        try (CallerSocket socket = open("ws-echo")) {
            socket.send(Frames.masked(Frames.FIN | Frames.BINARY, new byte[64 * 1024 + 1]));
            assertThat(socket.read().code()).isEqualTo(1009);
        }
    }

    @Test
    void aCallerThatVanishesLetsTheSessionRest() throws Exception {
        String session;
        try (CallerSocket socket = open("ws-echo")) {
            session = socket.headers.get(Headers.SESSION_ID);
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(status(session)).isEqualTo("Idle"));
    }

    @Test
    void aCallerWhoseConnectionIsResetWhileItsAgentDoesNotReadLetsTheSessionRest() throws Exception {
        String session;
        try (CallerSocket socket = open("ws-slow")) {
            session = socket.headers.get(Headers.SESSION_ID);
            AtomicLong sent = new AtomicLong();
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    for (byte[] frame = Frames.masked(Frames.FIN | Frames.BINARY, new byte[60_000]); ; sent.addAndGet(frame.length)) {
                        socket.send(frame);
                    }
                } catch (IOException closed) {
                    // As this test does.
                }
            });
            AtomicLong before = new AtomicLong(-1);
            await().atMost(SOON).pollInterval(Duration.ofSeconds(1)).until(() -> before.getAndSet(sent.get()) == sent.get());
            assertThat(sending).isNotDone();
            socket.socket.setSoLinger(true, 0); // a last word would wait behind what nobody reads
        }
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(status(session)).isEqualTo("Idle"));
    }

    @ParameterizedTest
    @CsvSource({"ok, 424, RuntimeClientError", "html, 424, RuntimeClientError", "ws-bad-accept, 424, RuntimeClientError", "status-line, 424, RuntimeClientError"})
    void anAgentThatServesNoWebSocketIsARuntimeClientError(String order, int status, String type) throws Exception {
        String headers = token(order.equals("status-line") ? "huge-number" : order);
        try (CallerSocket socket = new CallerSocket("/runtimes/raw/ws", headers)) {
            assertThat(socket.status).isEqualTo(status);
            assertThat(socket.headers.get(Headers.ERROR_TYPE)).isEqualTo(type);
            assertThat(json(socket).getString("message")).isNotEmpty();
        }
    }

    @Test
    void refusalsAreThoseOfAnyRequest() throws Exception {
        try (CallerSocket socket = new CallerSocket("/runtimes/raw/ws", "")) {
            assertThat(socket.status).isEqualTo(401);
            assertThat(socket.headers.get("WWW-Authenticate")).startsWith("Bearer ");
        }
        try (CallerSocket socket = new CallerSocket("/runtimes/raw/ws", "Authorization: Bearer " + door.alice + "x\r\n")) {
            assertThat(socket.status).isEqualTo(401);
        }
        try (CallerSocket socket = new CallerSocket("/runtimes/none/ws", token("ws-echo"))) {
            assertThat(socket.status).isEqualTo(404);
            assertThat(json(socket).getString("message")).isEqualTo("There is no agent runtime none");
        }
        try (CallerSocket socket = new CallerSocket("/runtimes/raw/ws", token("ws-echo") + Headers.SESSION_ID + ": short\r\n")) {
            assertThat(socket.status).isEqualTo(400);
        }
        HttpResponse<String> plain = TestDoor.get("/runtimes/raw/ws", door.alice);
        assertThat(plain.statusCode()).isEqualTo(400);
        assertThat(plain.body()).contains("This path serves WebSocket only");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/runtimes/raw/ws", "/runtimes/raw/ws/shells", "/runtimes/raw/ws/shells?shellId=mine"})
    void aSessionIsItsOwnersAndItsRequestsAreCounted(String path) throws Exception {
        try (CallerSocket mine = open("ws-echo")) {
            String session = Headers.SESSION_ID + ": " + mine.headers.get(Headers.SESSION_ID) + "\r\n";
            try (CallerSocket others = new CallerSocket(path, "Authorization: Bearer " + door.tokens.token("bob", "agent-invoker") + "\r\n" + session)) {
                assertThat(others.status).isEqualTo(403);
                assertThat(others.headers.get(Headers.ERROR_TYPE)).isEqualTo("AccessDeniedException");
            }
            mine.send(Frames.text("still mine"));
            assertThat(mine.read().text()).isEqualTo("still mine");
        }
        try (CallerSocket hasty = new CallerSocket(path, "Authorization: Bearer " + door.tokens.token("hasty", "agent-invoker") + "\r\n")) {
            assertThat(hasty.status).isEqualTo(429);
            assertThat(hasty.headers.get("Retry-After")).isEqualTo("3");
        }
    }

    @Test
    void shellsAreRefusedToWhoMayInvokeOnly() throws Exception {
        String outsider = "Authorization: Bearer " + door.tokens.token("outsider", "agent-invoker") + "\r\n";
        try (CallerSocket shell = new CallerSocket("/runtimes/raw/ws/shells", outsider)) {
            assertThat(shell.status).isEqualTo(403);
            assertThat(shell.headers.get(Headers.ERROR_TYPE)).isEqualTo("AccessDeniedException");
        }
        try (CallerSocket agents = new CallerSocket("/runtimes/raw/ws", outsider + TestAgent.DO + ": ws-echo\r\n")) {
            assertThat(agents.status).isEqualTo(101);
        }
    }

    @Test
    void aPageOfABrowserSendsItsTokenAsASubprotocol() throws Exception {
        String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(door.alice.getBytes(StandardCharsets.US_ASCII));
        String session = UUID.randomUUID() + "-" + UUID.randomUUID();
        String query = "?" + Headers.SESSION_ID + "=" + session + "&X-Amzn-Bedrock-AgentCore-Runtime-Custom-Do=ws-echo";
        String arn = URLEncoder.encode("arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/raw", StandardCharsets.UTF_8);
        try (CallerSocket socket = new CallerSocket("/runtimes/" + arn + "/ws" + query,
                "Sec-WebSocket-Protocol: base64UrlBearerAuthorization." + encoded + ", base64UrlBearerAuthorization\r\nOrigin: https://app.example\r\n")) {
            assertThat(socket.status).as("%s", socket.headers).isEqualTo(101);
            assertThat(socket.headers.get("Sec-WebSocket-Protocol")).isEqualTo("base64UrlBearerAuthorization");
            assertThat(socket.headers.get(Headers.SESSION_ID)).isEqualTo(session);
            assertThat(socket.headers).doesNotContainKey("Set-Cookie");
            socket.send(Frames.text("hello"));
            assertThat(socket.read().text()).isEqualTo("hello");
            assertThat(WebSocketModes.lastHead).doesNotContain(encoded).doesNotContain("Authorization");
            assertThat(WebSocketModes.lastHead).contains(Headers.CALLER_SUBJECT + ": alice");
        }
        for (String bad : List.of(encoded.substring(0, encoded.length() - 4), encoded + "QUJD")) {
            try (CallerSocket socket = new CallerSocket("/runtimes/raw/ws" + query,
                    "Sec-WebSocket-Protocol: base64UrlBearerAuthorization." + bad + ", base64UrlBearerAuthorization\r\n")) {
                assertThat(socket.status).isEqualTo(401);
            }
        }
    }

    @Test
    void theAgentChoosesAmongTheOtherSubprotocols() throws Exception {
        try (CallerSocket socket = new CallerSocket("/runtimes/raw/ws", token("ws-echo") + "Sec-WebSocket-Protocol: chat, other\r\n")) {
            assertThat(socket.status).isEqualTo(101);
            assertThat(socket.headers.get("Sec-WebSocket-Protocol")).isEqualTo("chat");
        }
    }

    @Test
    void theQuerysHeadersCannotSmuggleOthers() throws Exception {
        try (CallerSocket socket = new CallerSocket("/runtimes/raw/ws?X-Amzn-Bedrock-AgentCore-Runtime-Custom-Do=ws-echo%0d%0aX-Agent-Runtime-Caller-Subject:%20root",
                "Authorization: Bearer " + door.alice + "\r\n")) {
            assertThat(socket.status).isEqualTo(400);
        }
    }

    @Test
    void aSessionHasABoundedNumberOfThem() throws Exception {
        String session = UUID.randomUUID() + "-" + UUID.randomUUID();
        List<CallerSocket> open = new ArrayList<>();
        try {
            for (int i = 0; i < OpenSockets.MOST_OF_ONE_SESSION; i++) {
                open.add(new CallerSocket("/runtimes/raw/ws", token("ws-echo") + Headers.SESSION_ID + ": " + session + "\r\n"));
                assertThat(open.get(i).status).isEqualTo(101);
            }
            try (CallerSocket more = new CallerSocket("/runtimes/raw/ws", token("ws-echo") + Headers.SESSION_ID + ": " + session + "\r\n")) {
                assertThat(more.status).isEqualTo(429);
                assertThat(more.headers.get(Headers.ERROR_TYPE)).isEqualTo("ThrottlingException");
            }
        } finally {
            for (CallerSocket socket : open) {
                socket.close();
            }
        }
        await().atMost(SOON).untilAsserted(() -> {
            try (CallerSocket again = new CallerSocket("/runtimes/raw/ws", token("ws-echo") + Headers.SESSION_ID + ": " + session + "\r\n")) {
                assertThat(again.status).isEqualTo(101);
            }
        });
    }

    @Test
    void javasOwnClientIsServed() throws Exception {
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        WebSocket socket = HTTP.newWebSocketBuilder().header("Authorization", "Bearer " + door.alice).header(TestAgent.DO, "ws-echo")
                .buildAsync(URI.create(LibertyServer.BASE.toString().replace("http:", "ws:") + "/runtimes/raw/ws"), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                        heard.add(text.toString());
                        from.request(1);
                        return null;
                    }

                    @Override
                    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                        closed.complete(code);
                        return null;
                    }
                }).get(20, TimeUnit.SECONDS);
        socket.sendText("one", true).get(5, TimeUnit.SECONDS);
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("one");
        socket.sendClose(1000, "done");
        assertThat(closed.get(10, TimeUnit.SECONDS)).isEqualTo(1000);
    }

    @Test
    void framesThatComeWithTheHandshakeAreNotLost() throws Exception {
        try (CallerSocket socket = new CallerSocket("/runtimes/raw/ws", token("ws-echo")) {
            @Override
            void send(byte[] bytes) throws IOException {
                byte[] frame = Frames.text("early");
                byte[] both = Arrays.copyOf(bytes, bytes.length + frame.length);
                System.arraycopy(frame, 0, both, bytes.length, frame.length);
                super.send(both);
            }
        }) {
            assertThat(socket.status).isEqualTo(101);
            assertThat(socket.read().text()).isEqualTo("early");
        } catch (EOFException lost) {
            throw new AssertionError("the early frame was lost", lost);
        }
    }
}
