package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.invocation.fake.SocketStream;
import dev.agentruntime.api.RequestException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.client.InputStreamRequestContent;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AgentClientTest {

    private static final int BYTES = 100_000_000;
    private static final Duration LONG = Duration.ofSeconds(30);

    private TestAgent agent;
    private AgentClient client;
    private final List<GuestStream> opened = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws IOException {
        agent = new TestAgent();
        client = new AgentClient(Duration.ofMillis(100));
    }

    @AfterEach
    void stop() {
        client.close();
        agent.close();
    }

    @Test
    void aLargeBodyGoesUpWhole() {
        Request post = post("swallow").body(new InputStreamRequestContent(new Zeros(BYTES)));
        assertThat(send(post, LONG)).succeedsWithin(LONG).matches(Result::isSucceeded);
        assertThat(agent.received.get()).isEqualTo(BYTES);
    }

    @Test
    void aLargeAnswerComesDownWhole() {
        AtomicLong received = new AtomicLong();
        Request post = post("large " + BYTES).onResponseContent((response, bytes) -> received.addAndGet(bytes.remaining()));
        assertThat(send(post, LONG)).succeedsWithin(LONG).matches(Result::isSucceeded);
        assertThat(received).hasValue(BYTES);
    }

    @Test
    void anAgentThatSaysNothingIsGivenUp() {
        assertThat(send(post("hang"), Duration.ofMillis(200))).succeedsWithin(LONG)
                .extracting(Result::getFailure).isInstanceOf(TimeoutException.class);
    }

    @Test
    void aGuestThatCannotBeReachedFailsTheRequestWithItsReason() {
        Request post = client.request("POST", "vm", "/invocations", () -> {
            throw new RequestException(RequestException.Kind.PLATFORM, "its link is down");
        });
        assertThat(send(post, LONG)).succeedsWithin(LONG)
                .extracting(Result::getFailure).isInstanceOf(RequestException.class);
    }

    @Test
    void requestsToAVmFindTheConnectionThatIsThere() {
        for (int i = 0; i < 50; i++) {
            assertThat(send(client.request("POST", "vm", "/invocations", this::connect), LONG)).succeedsWithin(LONG).matches(Result::isSucceeded);
        }
        assertThat(opened).hasSize(1);
    }

    @Test
    void noConnectionServesTwoVms() {
        for (int i = 0; i < 10; i++) {
            assertThat(send(client.request("POST", "vm-" + i, "/invocations", this::connect), LONG)).succeedsWithin(LONG).matches(Result::isSucceeded);
        }
        assertThat(opened).hasSize(10);
    }

    @Test
    void aConnectionThatBrokeAtRestIsNotUsedAgain() throws IOException {
        assertThat(send(client.request("POST", "vm", "/invocations", this::connect), LONG)).succeedsWithin(LONG).matches(Result::isSucceeded);
        agent.close();
        agent = new TestAgent();
        await().atMost(LONG).until(() -> client.destinations() == 0);
        assertThat(send(client.request("POST", "vm", "/invocations", this::connect), LONG)).succeedsWithin(LONG).matches(Result::isSucceeded);
        assertThat(opened).hasSize(2);
    }

    @Test
    void aVmThatHasGoneIsForgotten() {
        for (int i = 0; i < 20; i++) {
            assertThat(send(client.request("POST", "vm-" + i, "/invocations", this::connect), LONG)).succeedsWithin(LONG).matches(Result::isSucceeded);
        }
        agent.close();
        await().atMost(LONG).until(() -> client.destinations() == 0);
    }

    private GuestStream connect() {
        GuestStream stream = new SocketStream(agent.port());
        opened.add(stream);
        return stream;
    }

    private Request post(String order) {
        return client.request("POST", "vm", "/invocations", this::connect).headers(headers -> headers.put(TestAgent.DO, order));
    }

    private CompletableFuture<Result> send(Request post, Duration firstByte) {
        CompletableFuture<Result> result = new CompletableFuture<>();
        client.send(post, firstByte, result::complete);
        return result;
    }
}
