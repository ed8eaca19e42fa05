package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Invocation.Outcome;
import dev.agentruntime.api.Subject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Exchanges without a container: what becomes of the caller, of the invocation and of the connection to the agent. */
class ExchangeTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Caller ALICE = new Caller(new Subject("https://idp.test", "alice"), false);
    private static final byte[] MEGABYTES_3 = new byte[3_000_000];

    private AgentClient client;

    @BeforeEach
    void start() {
        client = new AgentClient();
    }

    @AfterEach
    void stop() {
        client.close();
    }

    @Test
    void aRequestAfterOneThatWasNotReadGetsItsOwnAnswer() throws Exception {
        List<String> heads = new CopyOnWriteArrayList<>();
        try (RawAgent agent = new RawAgent((head, connection) -> {
            heads.add(head);
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno");
            connection.hold();
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

    /** A body that would be a request of somebody else's if it were read as one. */
    private static byte[] forged() {
        byte[] request = "POST /invocations HTTP/1.1\r\nHost: x\r\nX-Agent-Runtime-Caller-Subject: admin\r\nContent-Length: 0\r\n\r\n"
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] body = MEGABYTES_3.clone();
        for (int at = 0; at + request.length < body.length; at += request.length) {
            System.arraycopy(request, 0, body, at, request.length);
        }
        return body;
    }

    private void exchange(FakeCaller caller, FakeInvocation invocation) throws IOException {
        Exchange.begin(caller.request(), caller.response(), "echo", ALICE,
                new OneInvocation(CompletableFuture.completedFuture(invocation)), client, Limits.of("PT5S"));
    }
}
