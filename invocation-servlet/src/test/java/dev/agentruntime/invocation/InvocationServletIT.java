package dev.agentruntime.invocation;

import static dev.agentruntime.invocation.TestDoor.HTTP;
import static dev.agentruntime.invocation.TestDoor.assertRefusal;
import static dev.agentruntime.invocation.TestDoor.authorized;
import static dev.agentruntime.invocation.TestDoor.get;
import static dev.agentruntime.invocation.TestDoor.json;
import static dev.agentruntime.invocation.TestDoor.reader;
import static dev.agentruntime.invocation.TestDoor.uri;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.BufferedReader;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The WAR in a real Open Liberty, over a platform whose guest is a port of this machine. */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
class InvocationServletIT {

    private static final int MEGABYTES_100 = 100_000_000;

    private final TestDoor door = TestDoor.open();
    private final Tokens tokens = door.tokens;
    private final TestAgent agent = door.agent;
    private final String alice = door.alice;

    @Test
    void aRequestWithoutATokenIsUnauthorized() throws Exception {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(uri("/runtimes")).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow()).startsWith("Bearer ");
        assertRefusal(answer, "UnauthorizedException");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/runtimes", "/runtimes/echo", "/runtimes/echo/sessions", "/elsewhere", "/", "/runtimes/%2e%2e/echo",
        "/runtimes/..%2fecho", "//runtimes", "/runtimes;x=y"})
    void nothingIsThereWithoutAToken(String path) throws Exception {
        assertThat(HTTP.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString()).statusCode()).isIn(401, 400);
        assertThat(HTTP.send(HttpRequest.newBuilder(uri(path)).header("Cookie", "LtpaToken2=x; jwtToken=" + alice).build(),
                BodyHandlers.ofString()).statusCode()).isIn(401, 400);
        assertThat(HTTP.send(HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + alice + "x").build(),
                BodyHandlers.ofString()).statusCode()).isIn(401, 400);
    }

    @Test
    void headShowsWhatGetWouldShow() throws Exception {
        HttpResponse<String> answer = HTTP.send(authorized(uri("/runtimes/echo"), alice).method("HEAD", BodyPublishers.noBody()).build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValueAsLong("Content-Length").orElseThrow()).isPositive();
    }

    @Test
    void aPathThatIsNoneIsNotFound() throws Exception {
        for (String path : List.of("/agents/runtimes\\echo", "/agents/runtimes/ec\\ho", "/agents\\runtimes", "/agents/runtimes/%5C")) {
            try (Socket socket = new Socket("127.0.0.1", LibertyServer.BASE.getPort())) {
                socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                        + alice + "\r\n\r\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                assertThat(reader(socket).readLine()).as(path).matches("HTTP/1.1 (400|404) .*");
            }
        }
    }

    @Test
    void anMcpClientHasOneSessionAndIsToldItsEnd() throws Exception {
        HttpResponse<String> first = HTTP.send(invoke("raw", "ok").header("Accept", "application/json, text/event-stream")
                .POST(BodyPublishers.ofString("{}")).build(), BodyHandlers.ofString());
        String id = first.headers().firstValue("Mcp-Session-Id").orElseThrow();
        String session = first.headers().firstValue(Headers.SESSION_ID).orElseThrow();
        for (String method : List.of("POST", "GET", "DELETE")) {
            HttpResponse<String> next = HTTP.send(invoke("raw", "ok").header("Mcp-Session-Id", id)
                    .method(method, method.equals("POST") ? BodyPublishers.ofString("{}") : BodyPublishers.noBody()).build(), BodyHandlers.ofString());
            assertThat(next.statusCode()).as("%s %s", method, next.body()).isEqualTo(200);
            assertThat(next.headers().firstValue(Headers.SESSION_ID)).contains(session);
        }
        assertThat(HTTP.send(authorized(uri("/runtimes/raw/sessions/" + session), alice).DELETE().build(), BodyHandlers.discarding())
                .statusCode()).isEqualTo(200);
        for (String method : List.of("POST", "GET", "DELETE")) {
            HttpResponse<String> over = HTTP.send(invoke("raw", "ok").header("Mcp-Session-Id", id)
                    .method(method, method.equals("POST") ? BodyPublishers.ofString("{}") : BodyPublishers.noBody()).build(), BodyHandlers.ofString());
            assertThat(over.statusCode()).as("%s %s", method, over.body()).isEqualTo(404);
        }
        assertThat(HTTP.send(invoke("raw", "ok").header("Mcp-Session-Id", "gone").POST(BodyPublishers.ofString("{}")).build(),
                BodyHandlers.ofString()).statusCode()).isEqualTo(404);
    }

    @Test
    void htmlOfAnAgentIsToldAsText() throws Exception {
        HttpResponse<String> answer = HTTP.send(invoke("raw", "html").POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofString());
        assertThat(json(answer).getString("message")).isEqualTo("Received error (500) from the agent: Error 500: java.lang.Error: boom");
    }

    @Test
    void anExpiredTokenIsUnauthorized() throws Exception {
        assertThat(get("/runtimes", tokens.token("alice", Duration.ofHours(-1), "agent-invoker")).statusCode())
                .isEqualTo(401);
    }

    @Test
    void aTokenWithoutARoleIsForbiddenInJson() throws Exception {
        HttpResponse<String> answer = get("/runtimes", tokens.token("mallory", "nobody"));
        assertThat(answer.statusCode()).isEqualTo(403);
        assertRefusal(answer, "AccessDeniedException");
    }

    @Test
    void everyPathIsDescribedWhereMicroProfileOpenApiShowsIt() throws Exception {
        assertThat(json(get("/openapi", alice)).getJsonObject("paths")).containsKey("/runtimes/{runtime}/invocations");
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            HttpResponse<String> shown = HTTP.send(HttpRequest.newBuilder(LibertyServer.ROOT.resolve("/openapi?format=JSON")).build(), BodyHandlers.ofString());
            assertThat(json(shown).getJsonObject("paths").keySet()).isEqualTo(json(get("/openapi", alice)).getJsonObject("paths").keySet());
        });
    }

    @Test
    void howLongOneSessionMayBeIdleIsChanged() throws Exception {
        String session = HTTP.send(invoke("echo", "").POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofString())
                .headers().firstValue(Headers.SESSION_ID).orElseThrow();
        HttpResponse<String> changed = change(session, alice, "{\"idleRuntimeSessionTimeout\": 120}");
        assertThat(json(changed).getInt("idleRuntimeSessionTimeout")).isEqualTo(120);
        assertThat(change(session, alice, "{\"idleRuntimeSessionTimeout\": 0}").statusCode()).isEqualTo(400);
        assertThat(change(session, tokens.token("bob", "agent-invoker"), "{\"idleRuntimeSessionTimeout\": 120}").statusCode()).isEqualTo(403);
        assertThat(change(UUID.randomUUID().toString(), alice, "{\"idleRuntimeSessionTimeout\": 120}").statusCode()).isEqualTo(404);
    }

    private static HttpResponse<String> change(String session, String token, String body) throws Exception {
        return HTTP.send(authorized(uri("/runtimes/echo/sessions/" + session), token).method("PATCH", BodyPublishers.ofString(body)).build(),
                BodyHandlers.ofString());
    }

    @Test
    void whoeverAsksTooOftenIsToldWhenToAskAgain() throws Exception {
        for (String path : List.of("/runtimes", "/runtimes/echo/sessions")) {
            HttpResponse<String> answer = get(path, tokens.token("hasty", "agent-invoker"));
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers().firstValue("Retry-After")).hasValue("3");
            assertRefusal(answer, "ThrottlingException");
        }
    }

    @Test
    void bodyAndHeadersPassBothWaysAndCredentialsDoNot() throws Exception {
        HttpResponse<String> answer = HTTP.send(invoke("echo", "")
                .header("Content-Type", "application/vnd.test+json").header("traceparent", "00-1-2-03")
                .header("Mcp-Method", "ping").header("Cookie", "a=b")
                .header("X-Agent-Runtime-Caller-Subject", "someone-else")
                .POST(BodyPublishers.ofString("{\"ä\":1}")).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"ä\":1}");
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/vnd.test+json");
        assertThat(answer.headers().firstValue("Mcp-Session-Id")).contains("mcp-1");
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
        String session = answer.headers().firstValue(Headers.SESSION_ID).orElseThrow();
        assertThat(agent.seen.get().getFirst(Headers.SESSION_ID)).isEqualTo(session);
        assertThat(agent.seen.get().getFirst(Headers.AGENT_REQUEST_ID))
                .isEqualTo(answer.headers().firstValue(Headers.REQUEST_ID).orElseThrow());
        assertThat(agent.seen.get().get(Headers.CALLER_SUBJECT)).containsExactly("alice");
        assertThat(agent.seen.get().getFirst(Headers.CALLER_ISSUER)).isEqualTo("https://idp.test");
        assertThat(agent.seen.get().getFirst("traceparent")).isEqualTo("00-1-2-03");
        assertThat(agent.seen.get().getFirst("Mcp-Method")).isEqualTo("ping");
        assertThat(agent.seen.get()).doesNotContainKeys("Authorization", "Cookie");
    }

    @Test
    void anEmptyBodyIsABody() throws Exception {
        HttpResponse<String> answer =
                HTTP.send(invoke("echo", "").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void eventsArriveWhenTheyAreMade() throws Exception {
        List<Long> lags = new ArrayList<>();
        try (Socket socket = rawInvocation("stream 5 300")) {
            BufferedReader in = reader(socket);
            for (String line = in.readLine(); lags.size() < 5; line = in.readLine()) {
                if (line.startsWith("data: ")) {
                    lags.add(Instant.now().toEpochMilli() - Long.parseLong(line.substring(6)));
                }
            }
        }
        assertThat(lags).allSatisfy(lag -> assertThat(lag).isLessThan(150));
    }

    @Test
    void theHeadOfASilentStreamComesAtOnceAndManyOfThemHoldNoThread() throws Exception {
        List<Socket> streams = new ArrayList<>();
        try {
            for (int i = 0; i < 150; i++) {
                streams.add(rawInvocation("silent"));
            }
            for (Socket stream : streams) {
                stream.setSoTimeout(10_000);
                assertThat(reader(stream).readLine()).isEqualTo("HTTP/1.1 200 OK");
            }
            Instant begun = Instant.now();
            assertThat(HTTP.send(invoke("echo", "").POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofString())
                    .statusCode()).isEqualTo(200);
            assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(2));
        } finally {
            for (Socket stream : streams) {
                stream.close();
            }
        }
    }

    @Test
    void aHundredMegabytesPassBothWaysThroughASmallHeap() throws Exception {
        HttpResponse<String> up = HTTP.send(invoke("echo", "swallow")
                .POST(BodyPublishers.ofInputStream(() -> new Zeros(MEGABYTES_100))).build(), BodyHandlers.ofString());
        assertThat(up.body()).isEqualTo(Integer.toString(MEGABYTES_100));
        HttpResponse<InputStream> down = HTTP.send(
                invoke("echo", "large " + MEGABYTES_100).POST(BodyPublishers.noBody()).build(), BodyHandlers.ofInputStream());
        try (InputStream body = down.body()) {
            assertThat(body.transferTo(java.io.OutputStream.nullOutputStream())).isEqualTo(MEGABYTES_100);
        }
    }

    @Test
    void aBodyBeyondTheLimitIsRefused() throws Exception {
        HttpResponse<String> announced = HTTP.send(invoke("echo", "swallow")
                .expectContinue(true)
                .POST(BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> new Zeros(MEGABYTES_100 + 1)),
                        MEGABYTES_100 + 1)).build(), BodyHandlers.ofString());
        assertThat(announced.statusCode()).isEqualTo(400);
        assertRefusal(announced, "ValidationException");
    }

    @Test
    void aBodyThatIsAnnouncedByOneByteTooLargeIsRefusedBeforeAnyOfItIsThere() throws Exception {
        agent.received.set(-1L);
        try (Socket socket = door.raw("echo", "swallow", "Content-Length: " + (MEGABYTES_100 + 1) + "\r\n\r\n")) {
            BufferedReader in = reader(socket);
            assertThat(in.readLine()).startsWith("HTTP/1.1 400 ");
            assertThat(in.lines().takeWhile(line -> !line.isEmpty()).map(String::toLowerCase).toList()).contains("x-amzn-errortype: validationexception");
        }
        assertThat(agent.received).as("what the agent has read of it").hasValue(-1L);
    }

    @ParameterizedTest
    @ValueSource(ints = {MEGABYTES_100, MEGABYTES_100 + 1})
    void whoeverSendsALargeBodyFirstAndReadsThenGetsItsAnswer(int bytes) throws Exception {
        try (Socket socket = door.raw("echo", "swallow", "Connection: close\r\nContent-Length: " + bytes + "\r\n\r\n")) {
            new Zeros(bytes).transferTo(socket.getOutputStream());
            assertThat(TestDoor.rest(socket)).startsWith(bytes > MEGABYTES_100 ? "HTTP/1.1 400 " : "HTTP/1.1 200 ");
        }
    }

    @Test
    void anAgentsErrorIsToldInItsOwnWords() throws Exception {
        HttpResponse<String> answer = HTTP.send(
                invoke("echo", "fail").POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(424);
        JsonObject body = assertRefusal(answer, "RuntimeClientError");
        assertThat(body.getInt("agentStatus")).isEqualTo(500);
        assertThat(body.getString("agentMessage")).isEqualTo("the model is on fire");
        assertThat(body.getJsonArray("log").getString(0)).isEqualTo("[ERROR] the guest's last line");
        assertThat(answer.headers().firstValue(Headers.SESSION_ID)).isPresent();
    }

    @Test
    void anAgentThatDoesNotAnswerInTimeIsAtFault() throws Exception {
        HttpResponse<String> answer = HTTP.send(
                invoke("echo", "lag 8000").POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(424);
        assertThat(assertRefusal(answer, "RuntimeClientError").getString("message")).contains("within PT4S");
    }

    @Test
    void anAgentThatDoesNotStartIsAtFault() throws Exception {
        HttpResponse<String> answer = HTTP.send(
                invoke("broken", "").POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(424);
        assertThat(assertRefusal(answer, "RuntimeClientError")).doesNotContainKey("log");
        HttpResponse<String> admins = HTTP.send(authorized(uri("/runtimes/broken/invocations"), tokens.token("root", "agent-admin"))
                .POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofString());
        assertThat(json(admins).getJsonArray("log").getString(0)).isEqualTo("CWWKZ0002E");
    }

    @Test
    void anAnswerThatBreaksOffIsNotPassedOnAsWhole() throws Exception {
        CompletableFuture<HttpResponse<String>> answer = HTTP.sendAsync(
                invoke("echo", "cut").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertThat(answer).failsWithin(Duration.ofSeconds(10));
    }

    @Test
    void aStreamThatBreaksOffEndsWithAnErrorEvent() throws Exception {
        HttpResponse<String> answer = HTTP.send(
                invoke("echo", "cut-late").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertThat(answer.body()).startsWith("data: half\n\n").contains("event: error\ndata: {\"message\":");
    }

    @Test
    void aBodyThatTurnsOutTooLargeIsRefused() throws Exception {
        HttpResponse<String> answer = HTTP.send(invoke("echo", "swallow")
                .POST(BodyPublishers.ofInputStream(() -> new Zeros(MEGABYTES_100 + 1))).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(400);
        assertRefusal(answer, "ValidationException");
    }

    @Test
    void aCallerWhoLeavesCancelsNothing() throws Exception {
        int before = agent.eventsWritten.get();
        Socket socket = rawInvocation("stream 30 100");
        awaitFirstEvent(socket);
        socket.close();
        await().atMost(Duration.ofSeconds(20)).until(() -> agent.eventsWritten.get() >= before + 30);
    }

    @Test
    void aCallerWhoLeavesCancelsWhereAsked() throws Exception {
        int before = agent.streamsCut.get();
        Socket socket = rawInvocation("stream 300 50", Headers.CANCEL + ": true\r\n");
        awaitFirstEvent(socket);
        socket.close();
        await().atMost(Duration.ofSeconds(10)).until(() -> agent.streamsCut.get() > before);
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() ->
                assertThat(metrics()).containsPattern("agent_invocations_seconds_count\\{[^}]*outcome=\"abandoned\""));
    }

    @Test
    void aTokensClaimNamesItsCallersTenant() throws Exception {
        assertThat(vmFor(tokens.tokenOfTenant("alice", Json.createValue("red"), "agent-invoker"))).startsWith("fake-vm-of-NAMED-red-");
        assertThat(vmFor(tokens.tokenOfTenant("alice", Json.createValue(7), "agent-invoker"))).startsWith("fake-vm-of-NAMED-7-");
    }

    @Test
    void aCallerWhoseTokenNamesNoOneTenantIsATenantOfItsOwn() throws Exception {
        assertThat(vmFor(alice)).startsWith("fake-vm-of-ALONE-alice-");
        assertThat(vmFor(tokens.tokenOfTenant("alice", Json.createValue(" "), "agent-invoker"))).startsWith("fake-vm-of-ALONE-alice-");
        assertThat(vmFor(tokens.tokenOfTenant("alice", Json.createArrayBuilder(List.of("red", "blue")).build(), "agent-invoker")))
                .startsWith("fake-vm-of-ALONE-alice-");
    }

    private String vmFor(String token) throws Exception {
        String session = UUID.randomUUID().toString();
        HTTP.send(authorized(uri("/runtimes/echo/invocations"), token).header(Headers.SESSION_ID, session)
                .POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        return json(get("/runtimes/echo/sessions/" + session, token)).getString("vm");
    }

    @Test
    void sessionsAreShownToTheirOwnerAndEndOnRequest() throws Exception {
        String session = UUID.randomUUID().toString();
        HTTP.send(invoke("echo", "").header(Headers.SESSION_ID, session).POST(BodyPublishers.noBody()).build(),
                BodyHandlers.ofString());
        String path = "/runtimes/echo/sessions/" + session;
        JsonObject view = json(get(path, alice));
        assertThat(view.getString("status")).isEqualTo("Idle");
        assertThat(view.getJsonObject("usage").getJsonNumber("cpuSeconds").doubleValue()).isEqualTo(1.5);
        assertThat(json(get("/runtimes/echo/sessions", alice)).getJsonArray("sessions").toString()).contains(session);
        assertThat(get(path, tokens.token("bob", "agent-invoker")).statusCode()).isEqualTo(403);
        assertThat(get(path, tokens.token("root", "agent-admin")).statusCode()).isEqualTo(200);
        HttpResponse<String> ended = HTTP.send(
                authorized(uri(path), alice).DELETE().build(), BodyHandlers.ofString());
        assertThat(json(ended).getString("status")).isEqualTo("Terminated");
        assertThat(json(ended).getString("terminationReason")).isEqualTo("Stopped on request");
    }

    @Test
    void aMalformedSessionIdIsRefusedAndEchoed() throws Exception {
        HttpResponse<String> answer = HTTP.send(invoke("echo", "").header(Headers.SESSION_ID, "short")
                .POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(400);
        assertRefusal(answer, "ValidationException");
        assertThat(answer.headers().firstValue(Headers.SESSION_ID)).contains("short");
    }

    @Test
    void unknownPathsAndMethodsAreToldInJson() throws Exception {
        assertRefusal(get("/elsewhere", alice), "ResourceNotFoundException");
        assertRefusal(get("/errors", alice), "ResourceNotFoundException");
        HttpResponse<String> arn = get("/runtimes/arn%3Aaws%3Aruntime%2Fecho", alice);
        assertThat(arn.statusCode()).isEqualTo(404);
        assertThat(assertRefusal(arn, "ResourceNotFoundException").getString("message")).endsWith("arn:aws:runtime/echo");
        HttpResponse<String> method = HTTP.send(authorized(uri("/runtimes/echo/invocations"), alice).PUT(BodyPublishers.noBody()).build(),
                BodyHandlers.ofString());
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(method.headers().firstValue("Allow")).contains("DELETE, GET, POST");
        assertRefusal(method, "ValidationException");
    }

    @Test
    void healthAndMetricsTellOfThePlatform() throws Exception {
        for (String check : List.of("live", "ready", "started")) {
            HttpResponse<String> health = HTTP.send(HttpRequest.newBuilder(
                    LibertyServer.ROOT.resolve("/health/" + check)).build(), BodyHandlers.ofString());
            assertThat(health.body()).contains("\"agent-runtime-" + check + "\"").contains("\"status\":\"UP\"").contains("\"downMeans\"");
        }
        HTTP.send(invoke("echo", "").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> assertThat(metrics())
                .containsPattern("agent_sessions\\{[^}]*runtime=\"echo\"[^}]*state=\"idle\"")
                .containsPattern("agent_session_starts_seconds_count\\{[^}]*mode=\"clone\"")
                .containsPattern("agent_invocations_seconds_count\\{[^}]*outcome=\"success\"")
                .containsPattern("agent_cpu_seconds_total\\{[^}]*runtime=\"echo\"[^}]*} \\d+\\.\\d")
                .containsPattern("agent_memory_byte_seconds_total\\{")
                .containsPattern("agent_platform_cpu_seconds_total\\{[^}]*work=\"start\"")
                .containsPattern("agent_pings_total\\{[^}]*answer=\"healthy_busy\""));
    }

    private static String metrics() throws Exception {
        return TestDoor.metrics("application");
    }

    private HttpRequest.Builder invoke(String runtime, String order) {
        return door.invoke(runtime, order);
    }

    private Socket rawInvocation(String order, String... headers) throws Exception {
        return door.raw("echo", order, String.join("", headers) + "Content-Length: 2\r\n\r\n{}");
    }

    private static void awaitFirstEvent(Socket socket) throws Exception {
        BufferedReader in = reader(socket);
        while (!in.readLine().startsWith("data: ")) {
            assertThat(socket.isConnected()).isTrue();
        }
    }

}
