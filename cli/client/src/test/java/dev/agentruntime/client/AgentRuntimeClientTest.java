package dev.agentruntime.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentRuntimeClientTest {

    private static final String SESSION = "session-000000000000000000000000000001";

    private final ScriptedServer server = new ScriptedServer();
    private final AgentRuntimeClient client = AgentRuntimeClient.at(server.endpoint()).credentials(Credentials.token(() -> Optional.of("T"))).build();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aRuntimeIsShownAsTheServerSaysIt() {
        server.on("GET /runtimes/hello", 200, "{\"name\":\"hello\",\"status\":\"READY\",\"liveSessions\":2,\"pooled\":1,\"new\":true}");
        RuntimeInfo hello = client.runtime("hello");
        assertThat(hello).returns("hello", RuntimeInfo::name).returns("READY", RuntimeInfo::status)
                .returns(2, RuntimeInfo::liveSessions).returns(1, RuntimeInfo::pooled);
        assertThat(hello.json().getBoolean("new")).isTrue();
        assertThat(server.last().header()).containsEntry("Authorization", "Bearer T").containsEntry("User-Agent", "agent-client")
                .doesNotContainKey("Upgrade");
    }

    @Test
    void anArnIsOneSegmentOfThePath() {
        String arn = "arn:aws:bedrock-agentcore:eu-1:000000000000:runtime/hello-0123456789";
        server.on("GET /runtimes/arn%3Aaws%3Abedrock-agentcore%3Aeu-1%3A000000000000%3Aruntime%2Fhello-0123456789", 200, "{\"name\":\"hello\"}");
        assertThat(client.runtime(arn).name()).isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "a/../b", "a b?c#d", "ä", "%2e%2e"})
    void aNameLeadsToNoOtherPath(String name) {
        assertThatThrownBy(() -> client.runtime(name)).isInstanceOf(RefusedException.class);
        assertThat(server.last().target()).matches("/runtimes/[A-Za-z0-9%_.-]+").doesNotEndWith("/..").doesNotEndWith("/.");
    }

    @Test
    void anInvocationCarriesSessionEndpointTypeAndHeadersAndTheAnswerItsSession() throws IOException {
        server.on("POST /runtimes/hello/invocations", 200, "{\"greeting\":\"Hello, Ada!\"}",
                "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", SESSION, "X-Agent-Runtime-Session", "continued");
        Invocation invocation = Invocation.of("hello", Payload.of("{}".getBytes(StandardCharsets.UTF_8))).in(SESSION).at("beta")
                .as("text/plain").with("X-Amzn-Bedrock-AgentCore-Runtime-Custom-A", "b").cancelledOnClose();
        try (Answer answer = client.invoke(invocation)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            answer.copyTo(out);
            assertThat(out).hasToString("{\"greeting\":\"Hello, Ada!\"}");
            assertThat(answer).returns(SESSION, Answer::session).returns("continued", Answer::sessionState).returns(200, Answer::status)
                    .returns(false, Answer::isEvents);
        }
        assertThat(server.last().target()).endsWith("?qualifier=beta");
        assertThat(server.last().text()).isEqualTo("{}");
        assertThat(server.last().header()).containsEntry("Content-Type", "text/plain").containsEntry("X-Agent-Runtime-Cancel-On-Disconnect", "true")
                .containsEntry("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", SESSION).containsEntry("X-Amzn-Bedrock-AgentCore-Runtime-Custom-A", "b");
    }

    @ParameterizedTest
    @CsvSource({"400,INVALID", "401,CREDENTIALS", "402,LIMIT", "403,CREDENTIALS", "404,NOT_FOUND", "405,INVALID", "408,INVALID", "409,CONFLICT",
        "413,INVALID", "424,AGENT", "429,LIMIT", "500,PLATFORM", "503,PLATFORM"})
    void aRefusalSaysWhoseFaultItIs(int status, RefusedException.Kind kind) {
        server.on("GET /runtimes/hello", status, "{\"message\":\"why\"}", "x-amzn-ErrorType", "SomeException", "Retry-After", "7");
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> client.runtime("hello"));
        assertThat(refused).hasMessage("why").returns(kind, RefusedException::kind).returns("SomeException", RefusedException::type)
                .returns(status, RefusedException::status).returns(Optional.of("request-1"), RefusedException::requestId)
                .returns(Optional.of(Duration.ofSeconds(7)), RefusedException::retryAfter);
    }

    @Test
    void anIncompleteSignatureIsAMatterOfCredentials() {
        server.on("GET /runtimes", 400, "{\"message\":\"why\"}", "x-amzn-ErrorType", "IncompleteSignatureException");
        assertThat(catchThrowableOfType(RefusedException.class, client::runtimes).kind()).isEqualTo(RefusedException.Kind.CREDENTIALS);
    }

    @Test
    void anAgentsFaultIsToldWithItsStatusAndItsLog() {
        server.on("POST /runtimes/hello/invocations", 424,
                "{\"message\":\"Received error (500) from the agent: cold\",\"agentStatus\":500,\"agentMessage\":\"cold\",\"log\":[\"a\",\"b\"]}");
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> client.invoke(Invocation.of("hello", Payload.none())));
        assertThat(refused.agentStatus()).hasValue(500);
        assertThat(refused.log()).containsExactly("a", "b");
    }

    @Test
    void fieldsThatAreWrongAreNamed() {
        server.on("PUT /runtimes/", 400, "{\"message\":\"1 field is wrong\",\"fieldList\":[{\"name\":\"agentRuntimeName\",\"message\":\"must be a name\"}]}");
        assertThatThrownBy(() -> client.control().create(jakarta.json.JsonValue.EMPTY_JSON_OBJECT))
                .hasMessage("1 field is wrong; agentRuntimeName must be a name");
    }

    @Test
    void whatIsNotThisProductIsSaidToBeNone() {
        server.on("GET /runtimes", exchange -> {
            byte[] page = "<html>hello</html>".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        }).on("GET /runtimes/a", exchange -> {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        }).on("GET /runtimes/b/sessions", 200, "{}").on("GET /runtimes/c", 502, "<html>");
        assertThatThrownBy(client::runtimes).isInstanceOf(UnexpectedAnswerException.class).hasMessageContaining("no JSON object but text/html");
        assertThatThrownBy(() -> client.runtime("a")).isInstanceOf(UnexpectedAnswerException.class).hasMessageContaining("answered 404 to GET");
        assertThatThrownBy(() -> client.sessions("b")).isInstanceOf(UnexpectedAnswerException.class).hasMessageContaining("no list 'sessions'");
        assertThatThrownBy(() -> client.runtime("c")).isInstanceOf(RefusedException.class).hasMessage("The server answered 502");
    }

    @Test
    void aServerThatIsNotThereIsUnreachable() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        AgentRuntimeClient nobody = AgentRuntimeClient.at(URI.create("http://localhost:" + free + "/agents/")).build();
        assertThatThrownBy(nobody::runtimes).isInstanceOf(UnreachableException.class)
                .hasMessageStartingWith("No connection to the server at http://localhost:" + free + "/agents");
    }

    @Test
    void aServerThatClosesOrSpeaksNoTlsIsUnreachable() throws Exception {
        server.on("GET /runtimes", exchange -> {
            throw new IllegalStateException("closed, as the test wants it");
        });
        assertThatThrownBy(client::runtimes).isInstanceOf(UnreachableException.class);
        try (ServerSocket plain = new ServerSocket(0)) {
            Thread answering = new Thread(() -> {
                try (Socket socket = plain.accept()) {
                    socket.getInputStream().read();
                    socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            answering.start();
            AgentRuntimeClient tls = AgentRuntimeClient.at(URI.create("https://localhost:" + plain.getLocalPort() + "/agents")).build();
            assertThatThrownBy(tls::runtimes).isInstanceOf(UnreachableException.class).hasMessageStartingWith("TLS with the server at https://localhost");
            answering.join();
        }
    }

    @Test
    void aServerThatDoesNotAnswerInTimeIsUnreachable() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            AgentRuntimeClient waiting = AgentRuntimeClient.at(URI.create("http://localhost:" + silent.getLocalPort())).build();
            assertThatThrownBy(() -> waiting.invoke(Invocation.of("a", Payload.none()).within(Duration.ofMillis(300))))
                    .isInstanceOf(UnreachableException.class).hasMessageContaining("did not answer within");
        }
    }

    @Test
    void anAnswerThatBreaksOffIsToldFromOneThatEnds() throws IOException {
        server.on("POST /runtimes/hello/invocations", ScriptedServer.cutAfter("text/plain", "half"));
        try (Answer answer = client.invoke(Invocation.of("hello", Payload.none()))) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            assertThatThrownBy(() -> answer.copyTo(out)).isInstanceOf(BrokenOffException.class).hasMessageStartingWith("The answer broke off");
            assertThat(out).hasToString("half");
        }
    }

    @Test
    void anAnswerThatStopsComingIsBrokenOff() {
        server.on("POST /runtimes/hello/invocations", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('a');
            exchange.getResponseBody().flush();
        });
        try (Answer answer = client.invoke(Invocation.of("hello", Payload.none()).within(Duration.ofSeconds(1)))) {
            assertThatThrownBy(answer::text).isInstanceOf(BrokenOffException.class).hasMessageContaining("nothing came for 1 s");
        }
    }

    @Test
    void anAnswerThatIsTooLargeIsNotReadToItsEnd() {
        server.on("GET /runtimes", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] chunk = new byte[1 << 20];
            java.util.Arrays.fill(chunk, (byte) ' ');
            for (int i = 0; i < 1000; i++) {
                exchange.getResponseBody().write(chunk);
            }
        });
        assertThatThrownBy(client::runtimes).isInstanceOf(BrokenOffException.class).hasMessageContaining("more than 16777216 bytes");
    }

    @Test
    void sessionsAreShownStoppedAndChanged() {
        String session = """
                {"sessionId":"%s","runtime":"hello","status":"Idle","subject":"alice","createdAt":"2026-11-26T07:09:43Z",
                 "lastActivityAt":"2026-11-26T07:10:43Z","startMode":"primed","vm":"agrt-1","idleRuntimeSessionTimeout":900,
                 "usage":{"cpuSeconds":1.5,"memoryGbSeconds":2.25,"peakMemoryBytes":1024,"invocations":3,"source":"cgroup"}}""".formatted(SESSION);
        server.on("GET /runtimes/hello/sessions", 200, "{\"sessions\":[" + session + "]}")
                .on("DELETE /runtimes/hello/sessions/" + SESSION, 200, session.replace("Idle", "Terminated"))
                .on("PATCH /runtimes/hello/sessions/" + SESSION, 200, session);
        assertThat(client.sessions("hello")).singleElement().returns(SESSION, SessionInfo::id).returns(true, SessionInfo::isLive)
                .returns(Optional.of(Duration.ofMinutes(15)), SessionInfo::idleTimeout).returns(3L, SessionInfo::invocations)
                .returns(new java.math.BigDecimal("1.5"), SessionInfo::cpuSeconds).returns(1024L, SessionInfo::peakMemoryBytes);
        assertThat(client.stop("hello", SESSION).isLive()).isFalse();
        client.idleFor("hello", SESSION, Duration.ofMinutes(2));
        assertThat(server.last().text()).isEqualTo("{\"idleRuntimeSessionTimeout\":120}");
    }

    @Test
    void aForkAsksForAsManyAsAreWantedAndTellsTheirIds() {
        server.on("POST /runtimes/hello/sessions/" + SESSION + "/fork", 200,
                "{\"sessions\":[{\"sessionId\":\"a\",\"status\":\"Provisioning\"},{\"sessionId\":\"b\",\"status\":\"Provisioning\"}]}");
        assertThat(client.fork("hello", SESSION, 2)).extracting(SessionInfo::id).containsExactly("a", "b");
        assertThat(server.last()).returns("/runtimes/hello/sessions/" + SESSION + "/fork?count=2", ScriptedServer.Asked::target)
                .returns("", ScriptedServer.Asked::text);
    }

    @Test
    void aSessionIsPutOnTheDiskByARequestWithoutABody() {
        server.on("POST /runtimes/hello/sessions/" + SESSION + "/hibernate", 200, "{\"sessionId\":\"" + SESSION + "\",\"status\":\"Hibernated\"}");
        assertThat(client.hibernate("hello", SESSION)).returns("Hibernated", SessionInfo::status).returns(true, SessionInfo::isLive);
        assertThat(server.last()).returns("/runtimes/hello/sessions/" + SESSION + "/hibernate", ScriptedServer.Asked::target)
                .returns("", ScriptedServer.Asked::text);
    }

    @Test
    void anAddressThatIsNoServersIsRefusedAtOnce() {
        for (String wrong : new String[] {"localhost:9080", "ftp://host/agents", "http:///agents", "http://host/agents?x=y"}) {
            assertThatThrownBy(() -> AgentRuntimeClient.at(URI.create(wrong)).build()).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("https://HOST:PORT/agents");
        }
    }
}
