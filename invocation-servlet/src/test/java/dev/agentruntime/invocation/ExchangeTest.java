package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Invocation.Outcome;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.SessionView;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exchanges without a container: what becomes of the caller, of the invocation and of the connection to the agent. */
class ExchangeTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Caller ALICE = new Caller(new Subject("https://idp.test", "alice"), false);
    /** More than the sockets of this machine take. */
    private static final byte[] LARGE = new byte[30_000_000];

    private FrontDoor door;

    @BeforeEach
    void start() {
        door = FrontDoor.open(new FrontDoorLimits(Duration.ofSeconds(2)));
    }

    @AfterEach
    void stop() {
        door.close();
    }

    @Test
    void aRequestAfterOneThatWasNotReadGetsItsOwnAnswer() throws Exception {
        List<String> heads = new CopyOnWriteArrayList<>();
        try (RawAgent agent = new RawAgent((head, connection) -> {
            heads.add(head);
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno");
            connection.ignore();
        })) {
            for (int i = 0; i < 3; i++) {
                FakeCaller caller = new FakeCaller().header("traceparent", "call-" + i).body(forged());
                FakeInvocation invocation = new FakeInvocation(agent.port());
                exchange(caller, invocation);
                assertThat(invocation.outcome).succeedsWithin(LONG).isEqualTo(Outcome.SUCCESS);
                assertThat(caller.answer()).isEqualTo("no");
            }
            assertThat(heads).hasSize(3).allMatch(head -> head.startsWith("POST /invocations HTTP/1.1\r\n"));
            assertThat(agent.connections).hasValue(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api/orders", "/api/orders;v=1?a=b&c=%20"})
    void anAgentIsReachedWhereItsWarTakesInvocations(String path) throws Exception {
        List<String> heads = new CopyOnWriteArrayList<>();
        try (RawAgent agent = new RawAgent((head, connection) -> {
            heads.add(head);
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        })) {
            FakeInvocation invocation = new FakeInvocation(agent.port()).at(path);
            exchange(new FakeCaller().body(new byte[] {'{', '}'}), invocation);
            assertThat(invocation.outcome).succeedsWithin(LONG).isEqualTo(Outcome.SUCCESS);
            assertThat(heads).singleElement().asString().startsWith("POST " + path + " HTTP/1.1\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"qualifier=prod&accountId=1, prod", "accountId=1, ''", "qualifier=a%2Fb, a/b"})
    void theEndpointThatACallerNamesReachesThePlatform(String query, String qualifier) throws Exception {
        OneInvocation platform = new OneInvocation(new CompletableFuture<>());
        FakeCaller caller = new FakeCaller().query(query).body(new byte[] {'{', '}'});
        Exchange.begin(caller.request(), caller.response(), "echo", ALICE, platform, door);
        assertThat(platform.asked).singleElement().satisfies(asked -> assertThat(asked.qualifier()).isEqualTo(qualifier));
    }

    @Test
    void aCallerWhoAsksForItIsToldWhatTheSessionAndTheInvocationHaveCost() throws Exception {
        FrontDoor priced = FrontDoor.open(new FrontDoorLimits(LONG), ViewsTest.COSTS);
        try (RawAgent agent = new RawAgent((head, connection) -> connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))) {
            FakeCaller asks = new FakeCaller().header("x-agent-runtime-report-cost", "true").body(new byte[] {'{', '}'});
            exchangeToItsEnd(asks, new FakeInvocation(agent.port()), priced);
            assertThat(asks.answerHeaders(Headers.SESSION_COST)).containsExactly("2 EUR");
            assertThat(asks.answerHeaders(Headers.INVOCATION_COST)).containsExactly("1 EUR");
            FakeCaller asksNot = new FakeCaller().body(new byte[] {'{', '}'});
            exchangeToItsEnd(asksNot, new FakeInvocation(agent.port()), priced);
            assertThat(asksNot.answerHeaders(Headers.SESSION_COST)).isEmpty();
            FakeCaller asksWherePricesAreNone = new FakeCaller().header("x-agent-runtime-report-cost", "true").body(new byte[] {'{', '}'});
            exchangeToItsEnd(asksWherePricesAreNone, new FakeInvocation(agent.port()), door);
            assertThat(asksWherePricesAreNone.answerHeaders(Headers.SESSION_COST)).isEmpty();
        } finally {
            priced.close();
        }
    }

    private static void exchangeToItsEnd(FakeCaller caller, FakeInvocation invocation, FrontDoor through) throws IOException {
        exchange(caller, invocation, through);
        assertThat(invocation.outcome).succeedsWithin(LONG).isEqualTo(Outcome.SUCCESS);
    }

    @Test
    void theCallersTokenGoesToAnAgentThatIsToHaveItAndToNoOther() throws Exception {
        List<String> heads = new CopyOnWriteArrayList<>();
        try (RawAgent agent = new RawAgent((head, connection) -> {
            heads.add(head);
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        })) {
            for (FakeInvocation invocation : List.of(new FakeInvocation(agent.port()).withToken(), new FakeInvocation(agent.port()))) {
                exchange(new FakeCaller().header("authorization", "Bearer a.b.c").body(new byte[] {'{', '}'}), invocation);
                assertThat(invocation.outcome).succeedsWithin(LONG).isEqualTo(Outcome.SUCCESS);
            }
            assertThat(heads).hasSize(2);
            assertThat(heads.get(0)).containsOnlyOnce("Authorization: Bearer a.b.c\r\n");
            assertThat(heads.get(1)).doesNotContainIgnoringCase("authorization");
        }
    }

    @Test
    void aSignatureGoesToNoAgentForItIsTheRequestsOwn() throws Exception {
        List<String> heads = new CopyOnWriteArrayList<>();
        try (RawAgent agent = new RawAgent((head, connection) -> {
            heads.add(head);
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        })) {
            FakeInvocation invocation = new FakeInvocation(agent.port()).withToken();
            exchange(new FakeCaller().header("authorization", "AWS4-HMAC-SHA256 Credential=a").body(new byte[] {'{', '}'}), invocation);
            assertThat(invocation.outcome).succeedsWithin(LONG).isEqualTo(Outcome.SUCCESS);
            assertThat(heads).singleElement().asString().doesNotContainIgnoringCase("authorization");
        }
    }

    @Test
    void aHeaderGoesToAnAgentThatWasMadeToHaveItAndToNoOther() throws Exception {
        List<String> heads = new CopyOnWriteArrayList<>();
        try (RawAgent agent = new RawAgent((head, connection) -> {
            heads.add(head);
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        })) {
            for (FakeInvocation invocation : List.of(new FakeInvocation(agent.port()).withHeaders("x-team"), new FakeInvocation(agent.port()))) {
                exchange(new FakeCaller().header("X-Team", "blue").header("X-Other", "red").body(new byte[] {'{', '}'}), invocation);
                assertThat(invocation.outcome).succeedsWithin(LONG).isEqualTo(Outcome.SUCCESS);
            }
            assertThat(heads.get(0)).containsOnlyOnce("X-Team: blue\r\n").doesNotContain("X-Other");
            assertThat(heads.get(1)).doesNotContain("X-Team");
        }
    }

    @Test
    void aBodyOfUnknownLengthThatWasNotReadIsNotMadeWhole() throws Exception {
        try (RawAgent agent = new RawAgent((head, connection) -> connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno"))) {
            FakeCaller caller = new FakeCaller();
            caller.in.feed(new byte[1000]);
            FakeInvocation invocation = new FakeInvocation(agent.port());
            exchange(caller, invocation);
            assertThat(invocation.outcome).succeedsWithin(LONG).isEqualTo(Outcome.SUCCESS);
            await().atMost(LONG).until(() -> agent.closed.get() == 1);
        }
    }

    @Test
    void requestsThatAreReadShareAConnection() throws Exception {
        try (RawAgent agent = new RawAgent((head, connection) -> {
            connection.in().readNBytes(2);
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        })) {
            for (int i = 0; i < 20; i++) {
                FakeCaller caller = new FakeCaller().body(new byte[] {'{', '}'});
                FakeInvocation invocation = new FakeInvocation(agent.port());
                exchange(caller, invocation);
                assertThat(caller.completed.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
                assertThat(caller.answer()).isEqualTo("ok");
            }
            // A request may come before the connection of the one before is free again.
            assertThat(agent.connections).hasValueLessThanOrEqualTo(2);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answersThatCannotBePassedOn")
    void whateverAnAgentAnswersItsCallerIsAnsweredAndItsInvocationClosed(String what, String answer) throws Exception {
        try (RawAgent agent = raw(answer)) {
            FakeCaller caller = new FakeCaller().body(new byte[] {'{', '}'});
            FakeInvocation invocation = new FakeInvocation(agent.port());
            exchange(caller, invocation);
            assertThat(invocation.outcome).succeedsWithin(LONG).isEqualTo(Outcome.AGENT_ERROR);
            assertThat(caller.completed.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(caller.status()).as("%s: %s", what, caller).isEqualTo(424);
            assertThat(caller.answerHeaders(Headers.ERROR_TYPE)).containsExactly("RuntimeClientError");
            assertThat(caller.answerHeaders(Headers.SESSION_ID)).containsExactly("session-1");
        }
    }

    static Stream<Arguments> answersThatCannotBePassedOn() {
        String fields = IntStream.rangeClosed(1, 600).mapToObj(i -> "mcp-" + i + ": x\r\n").collect(Collectors.joining());
        return Stream.of(
                arguments("a number too large", error("{\"a\":1e99999999999}")),
                arguments("a number far too large", error("{\"error\":-1E+2147483648}")),
                arguments("lists in lists", error("[".repeat(4000))),
                arguments("objects in objects", error("{\"a\":".repeat(800))),
                arguments("half a character", error("{\"error\":\"\\ud83d\"}")),
                arguments("bytes that are no text", error("\0\1\2\u00ff\u00fe")),
                arguments("a long error", error("x".repeat(100_000))),
                arguments("HTML", "HTTP/1.1 500 No\r\nContent-Type: text/html\r\nContent-Length: 12\r\n\r\n<b>broken</b"),
                arguments("an error without its body", "HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\n"),
                arguments("an error with half of its body", "HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\nhalf"),
                arguments("an error whose chunks do not come", "HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n"),
                arguments("a status line and silence", "HTTP/1.1 200 OK\r\n"),
                arguments("half a head and silence", "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"),
                arguments("600 fields", "HTTP/1.1 200 OK\r\n" + fields + "Content-Length: 0\r\n\r\n"),
                arguments("status 199", "HTTP/1.1 199 Odd\r\n\r\n"),
                arguments("status 100 twice", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"),
                arguments("status 101", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
                arguments("status 304", "HTTP/1.1 304 Not Modified\r\n\r\n"),
                arguments("status 999", "HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n"),
                arguments("garbage", "\0\0\0garbage\r\n\r\n"),
                arguments("silence", ""));
    }

    @Test
    void status100TwiceAndThenAnAnswerIsAnAnswer() throws Exception {
        String go = "HTTP/1.1 100 Continue\r\n\r\n";
        try (RawAgent agent = raw(go + go + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")) {
            FakeCaller caller = new FakeCaller().body(new byte[] {'{', '}'});
            exchange(caller, new FakeInvocation(agent.port()));
            assertThat(caller.completed.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(caller.answer()).isEqualTo("ok");
        }
    }

    @Test
    void anAnswerWithoutABodyIsAnAnswer() throws Exception {
        try (RawAgent agent = raw("HTTP/1.1 204 No Content\r\nmcp-a: 1\r\n\r\n")) {
            FakeCaller caller = new FakeCaller().body(new byte[] {'{', '}'});
            FakeInvocation invocation = new FakeInvocation(agent.port());
            exchange(caller, invocation);
            assertThat(invocation.outcome).succeedsWithin(LONG).isEqualTo(Outcome.SUCCESS);
            assertThat(caller.status()).isEqualTo(204);
            assertThat(caller.answerHeaders("mcp-a")).containsExactly("1");
        }
    }

    @Test
    void aConnectionServesAgainAfterAnErrorThatWasReadToItsEnd() throws Exception {
        try (RawAgent agent = new RawAgent((head, connection) -> {
            connection.in().readNBytes(2);
            connection.send(error("{\"error\":\"on fire\"}"));
        })) {
            for (int i = 0; i < 10; i++) {
                FakeCaller caller = new FakeCaller().body(new byte[] {'{', '}'});
                exchange(caller, new FakeInvocation(agent.port()));
                assertThat(caller.completed.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
                assertThat(caller.answer()).contains("\"agentMessage\":\"on fire\"").contains("the guest's last line");
            }
            assertThat(agent.connections).hasValueLessThanOrEqualTo(2);
        }
    }

    @Test
    void aPlatformThatThrowsAnswersItsCaller() throws Exception {
        FakeCaller caller = new FakeCaller().body(new byte[0]);
        Exchange.begin(caller.request(), caller.response(), "echo", ALICE, new OneInvocation(CompletableFuture.completedFuture(null)) {
            @Override
            public CompletionStage<Invocation> invoke(InvocationRequest request) {
                throw new RequestException(RequestException.Kind.NOT_FOUND, "There is no agent runtime echo");
            }
        }, door);
        assertThat(caller.completed.getCount()).isZero();
        assertThat(caller.status()).isEqualTo(404);
    }

    @Test
    void anInvocationThatCannotEvenTellItsSessionIsClosed() throws Exception {
        try (RawAgent agent = raw("\0")) {
            FakeCaller caller = new FakeCaller().body(new byte[0]);
            FakeInvocation invocation = new FakeInvocation(agent.port()) {
                @Override
                public SessionView session() {
                    throw new IllegalStateException("no view");
                }
            };
            exchange(caller, invocation);
            assertThat(invocation.outcome).succeedsWithin(LONG).isEqualTo(Outcome.PLATFORM_ERROR);
            assertThat(caller.completed.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(caller.status()).isEqualTo(500);
        }
    }

    @Test
    void guestsWhoseLogsCannotBeReadHoldUpNobody() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        try (RawAgent agent = new RawAgent((head, connection) -> connection.send(
                head.contains("traceparent: good") ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" : error("x")))) {
            List<FakeCaller> victims = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                FakeCaller caller = new FakeCaller().body(new byte[0]);
                victims.add(caller);
                exchange(caller, new FakeInvocation("session-" + i, agent.port(), () -> waitFor(stopped)));
            }
            FakeCaller other = new FakeCaller().header("traceparent", "good").body(new byte[0]);
            exchange(other, new FakeInvocation("other", agent.port(), List::of));
            assertThat(other.completed.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(other.answer()).isEqualTo("ok");
            for (FakeCaller victim : victims) {
                assertThat(victim.completed.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
                assertThat(victim.status()).isEqualTo(424);
                assertThat(victim.answer()).doesNotContain("\"log\"");
            }
        } finally {
            stopped.countDown();
        }
    }

    @Test
    void aBodyThatStopsComingIsItsCallersFault() throws Exception {
        try (RawAgent agent = raw("")) {
            FakeCaller caller = new FakeCaller().bodyOfLength(100);
            caller.in.feed(new byte[10]);
            FakeInvocation invocation = new FakeInvocation(agent.port());
            exchange(caller, invocation);
            assertThat(invocation.outcome).succeedsWithin(LONG).isEqualTo(Outcome.ABANDONED);
            await().atMost(LONG).until(() -> caller.status() == 408);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 100})
    void aBodyThatBreaksOffIsItsCallersFault(long length) throws Exception {
        for (int i = 0; i < 50; i++) {
            try (RawAgent agent = new RawAgent((head, connection) -> {
                // As a server that finds out by itself that a request is cut.
                connection.in().read();
                throw new IOException("cut");
            })) {
                FakeCaller caller = new FakeCaller().bodyOfLength(length);
                FakeInvocation invocation = new FakeInvocation("session-" + i, agent.port(), List::of);
                caller.in.feed(new byte[10]);
                caller.in.fail(new IOException("bad chunk"));
                exchange(caller, invocation);
                assertThat(invocation.outcome).succeedsWithin(LONG);
                await().atMost(LONG).until(() -> caller.completed.getCount() == 0);
                assertThat(invocation.outcome).as("%s", caller).isCompletedWithValue(Outcome.ABANDONED);
                assertThat(caller.completed.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
                assertThat(caller.status()).as("%s", caller).isEqualTo(400);
            }
        }
    }

    @Test
    void anMcpClientStaysInTheSessionItsAgentNamed() throws Exception {
        try (RawAgent agent = raw("HTTP/1.1 200 OK\r\nMcp-Session-Id: mcp-of-agent\r\nContent-Length: 2\r\n\r\n{}")) {
            OneInvocation platform = new OneInvocation(CompletableFuture.completedFuture(new FakeInvocation(agent.port())));
            begin(new FakeCaller().header("Accept", "application/json, text/event-stream").body(new byte[0]), platform);
            begin(new FakeCaller().header("Mcp-Session-Id", "mcp-of-agent").body(new byte[0]), platform);
            assertThat(platform.asked).extracting(InvocationRequest::sessionId).containsExactly(Optional.empty(), Optional.of("session-1"));
        }
    }

    @Test
    void anMcpClientWhoseAgentNamesNoneIsGivenTheSession() throws Exception {
        try (RawAgent agent = raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) {
            OneInvocation platform = new OneInvocation(CompletableFuture.completedFuture(new FakeInvocation(agent.port())));
            FakeCaller first = begin(new FakeCaller().header("Accept", "application/json").header("Accept", "text/event-stream")
                    .body(new byte[0]), platform);
            String id = first.answerHeaders("Mcp-Session-Id").get(0);
            begin(new FakeCaller().header("Mcp-Session-Id", id).method("GET"), platform);
            begin(new FakeCaller().header("Mcp-Session-Id", id).method("DELETE"), platform);
            assertThat(platform.asked).extracting(InvocationRequest::sessionId)
                    .containsExactly(Optional.empty(), Optional.of("session-1"), Optional.of("session-1"));
        }
    }

    @ParameterizedTest(name = "{0} in session {1} with MCP session {2}: {3}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            POST   | -         | -                       | BEGIN
            POST   | session-9 | -                       | BEGIN
            POST   | -         | mcp-of-agent            | REFUSE
            POST   | -         | agent-session.session-1 | REFUSE
            POST   | session-1 | mcp-of-agent            | REFUSE
            POST   | session-1 | agent-session.session-1 | REFUSE
            POST   | session-9 | mcp-of-agent            | BEGIN
            POST   | session-9 | agent-session.session-1 | BEGIN
            POST   | session-9 | unknown                 | BEGIN
            GET    | -         | mcp-of-agent            | REFUSE
            DELETE | -         | agent-session.session-1 | REFUSE
            GET    | session-9 | -                       | REFUSE
            DELETE | session-9 | unknown                 | REFUSE""")
    void whatBelongsToAnMcpSessionBeginsNoOtherSession(String method, String session, String mcp, InvocationRequest.IfNoneLives expected)
            throws Exception {
        door.mcp().keep("echo", ALICE.subject(), "mcp-of-agent", "session-1");
        OneInvocation platform = new OneInvocation(CompletableFuture.failedFuture(
                new RequestException(RequestException.Kind.NOT_FOUND, "It has ended")));
        FakeCaller caller = new FakeCaller().method(method);
        Optional.ofNullable(session).ifPresent(id -> caller.header(Headers.SESSION_ID, id));
        Optional.ofNullable(mcp).ifPresent(id -> caller.header("Mcp-Session-Id", id));
        caller.in.end();
        begin(caller, platform);
        assertThat(platform.asked).extracting(InvocationRequest::ifNoneLives).containsExactly(expected);
        assertThat(caller.status()).isEqualTo(404);
    }

    @Test
    void anotherClientIsGivenNone() throws Exception {
        try (RawAgent agent = raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) {
            OneInvocation platform = new OneInvocation(CompletableFuture.completedFuture(new FakeInvocation(agent.port())));
            FakeCaller caller = begin(new FakeCaller().header("Accept", "*/*").body(new byte[0]), platform);
            assertThat(caller.answerHeaders("Mcp-Session-Id")).isEmpty();
            assertThat(caller.answerHeaders(Headers.SESSION_ORIGIN)).containsExactly("continued");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "DELETE"})
    void theAgentGetsTheMethodAndNoBody(String method) throws Exception {
        List<String> heads = new CopyOnWriteArrayList<>();
        try (RawAgent agent = new RawAgent((head, connection) -> {
            heads.add(head);
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        })) {
            begin(new FakeCaller().header(Headers.SESSION_ID, "session-1").method(method),
                    new OneInvocation(CompletableFuture.completedFuture(new FakeInvocation(agent.port()))));
            assertThat(heads).hasSize(1).allMatch(head -> head.startsWith(method + " /invocations HTTP/1.1\r\n"))
                    .noneMatch(head -> head.contains("Transfer-Encoding") || head.contains("Content-Length"));
        }
    }

    @ParameterizedTest
    @CsvSource({"405, GET, 405", "405, DELETE, 405", "404, POST, 404", "404, GET, 404", "405, POST, 424", "500, POST, 424"})
    void aClientOfMcpSeesTheStatusThatItActsOn(int own, String method, int seen) throws Exception {
        try (RawAgent agent = raw("HTTP/1.1 " + own + " No\r\nContent-Length: 0\r\n\r\n")) {
            FakeCaller caller = new FakeCaller().header("Mcp-Session-Id", McpSessions.idFor("session-1")).method(method);
            caller.in.end();
            begin(caller, new OneInvocation(CompletableFuture.completedFuture(new FakeInvocation(agent.port()))));
            assertThat(caller.status()).isEqualTo(seen);
        }
    }

    @Test
    void aGetBelongsToASession() {
        FakeCaller caller = new FakeCaller().method("GET");
        assertThatThrownBy(() -> begin(caller, new OneInvocation(new CompletableFuture<>())))
                .isInstanceOf(RequestException.class).hasMessageContaining("Mcp-Session-Id");
        assertThatThrownBy(() -> begin(new FakeCaller().header("Mcp-Session-Id", "unknown"), new OneInvocation(new CompletableFuture<>())))
                .isInstanceOfSatisfying(RequestException.class, refused ->
                        assertThat(refused.kind()).isEqualTo(RequestException.Kind.NOT_FOUND));
    }

    @Test
    void whyAnAgentDoesNotStartIsToldToItsAdministratorsOnly() throws Exception {
        OneInvocation platform = new OneInvocation(CompletableFuture.failedFuture(new RequestException(RequestException.Kind.AGENT,
                "The agent does not start: /srv/agents/hello.war has no web.xml", List.of("CWWKZ0002E"))));
        FakeCaller caller = begin(new FakeCaller().body(new byte[0]), platform);
        assertThat(caller.status()).isEqualTo(424);
        assertThat(caller.answer()).contains("hello.war has no web.xml").doesNotContain("/srv").doesNotContain("CWWKZ0002E");
        FakeCaller admin = new FakeCaller().body(new byte[0]);
        Exchange.begin(admin.request(), admin.response(), "echo", new Caller(new Subject("https://idp.test", "root"), true), platform, door);
        assertThat(admin.answer()).contains("/srv/agents/hello.war").contains("CWWKZ0002E");
    }

    @Test
    void moreRequestsOfAVmThanMayWaitAreTooMany() throws Exception {
        try (RawAgent agent = raw("")) {
            List<FakeCaller> callers = new ArrayList<>();
            for (int i = 0; i < 60 + 1024 + 5; i++) {
                FakeCaller caller = new FakeCaller().body(new byte[0]);
                callers.add(caller);
                exchange(caller, new FakeInvocation(agent.port()));
            }
            await().atMost(LONG).until(() -> callers.stream().filter(caller -> caller.status() == 429).count() >= 5);
            assertThat(callers).filteredOn(caller -> caller.status() == 429)
                    .allMatch(caller -> caller.answerHeaders("Retry-After").equals(List.of("1")))
                    .allMatch(caller -> caller.answer().contains("1024 requests of this session"));
        }
    }

    @Test
    void whoUploadsToAgentsThatDoNotReadTakesUpItsOwnShareOnly() throws Exception {
        Caller bob = new Caller(new Subject("https://idp.test", "bob"), false);
        FrontDoor small = new FrontDoor(door.client(), door.logs(), new StalledUploads(4, 2), door.writes(), door.callers(), door.mcp(), door.sockets(),
                door.opening(), door.costs(), door.tokens(), new FrontDoorLimits(LONG));
        try (RawAgent agent = new RawAgent((head, connection) -> connection.ignore())) {
            FakeInvocation invocation = new FakeInvocation(agent.port());
            upload(ALICE, invocation, small);
            upload(ALICE, invocation, small);
            await().atMost(LONG).until(() -> small.stalled().count() == 2);
            FakeCaller third = upload(ALICE, invocation, small);
            await().atMost(LONG).until(() -> third.status() == 429);
            assertThat(third.answer()).contains("2 requests of this caller");
            assertThat(third.answerHeaders("Retry-After")).containsExactly("1");
            upload(bob, invocation, small);
            await().atMost(LONG).until(() -> small.stalled().count() == 3);
        }
    }

    private static FakeCaller upload(Caller who, FakeInvocation invocation, FrontDoor door) throws IOException {
        FakeCaller caller = new FakeCaller().body(LARGE);
        Exchange.begin(caller.request(), caller.response(), "echo", who,
                new OneInvocation(CompletableFuture.completedFuture(invocation)), door);
        return caller;
    }

    private FakeCaller begin(FakeCaller caller, OneInvocation platform) throws Exception {
        Exchange.begin(caller.request(), caller.response(), "echo", ALICE, platform, door);
        assertThat(caller.completed.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return caller;
    }

    private static List<String> waitFor(CountDownLatch stopped) {
        try {
            stopped.await();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
        return List.of("too late");
    }

    private static String error(String body) {
        return "HTTP/1.1 500 No\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static RawAgent raw(String answer) throws IOException {
        return new RawAgent((head, connection) -> {
            connection.send(answer);
            connection.hold();
        });
    }

    /** A body that would be a request of somebody else's if it were read as one. */
    private static byte[] forged() {
        byte[] request = "POST /invocations HTTP/1.1\r\nHost: x\r\nX-Agent-Runtime-Caller-Subject: admin\r\nContent-Length: 0\r\n\r\n"
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] body = LARGE.clone();
        for (int at = 0; at + request.length < body.length; at += request.length) {
            System.arraycopy(request, 0, body, at, request.length);
        }
        return body;
    }

    private void exchange(FakeCaller caller, FakeInvocation invocation) throws IOException {
        exchange(caller, invocation, door);
    }

    private static void exchange(FakeCaller caller, FakeInvocation invocation, FrontDoor through) throws IOException {
        Exchange.begin(caller.request(), caller.response(), "echo", ALICE,
                new OneInvocation(CompletableFuture.completedFuture(invocation)), through);
    }
}
