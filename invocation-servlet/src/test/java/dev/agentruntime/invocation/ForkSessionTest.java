package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Usage;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForkSessionTest {

    private static final Caller ALICE = new Caller(new Subject("urn:test", "alice"), false);

    private final List<Integer> counts = new ArrayList<>();
    private final FakeCaller caller = new FakeCaller();
    private CompletableFuture<List<SessionView>> answer = CompletableFuture.completedFuture(List.of(view("f1"), view("f2")));

    private static SessionView view(String id) {
        return new SessionView(id, "hello", "", SessionView.Status.PROVISIONING, ALICE.subject(), Instant.EPOCH, Instant.EPOCH, Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), new Usage(0, BigDecimal.ZERO, 0, 0, MeterSource.CGROUP));
    }

    private void fork(String query) throws Exception {
        caller.query(query).in.end();
        new ForkSession(new OneInvocation(new CompletableFuture<>()) {
            @Override
            public CompletionStage<List<SessionView>> fork(String runtime, String sessionId, Caller by, int count) {
                assertThat(List.of(runtime, sessionId, by)).containsExactly("hello", "s1", ALICE);
                counts.add(count);
                return answer;
            }
        }, new Costs(Optional::empty)).serve(new Operation.Call(caller.request(), caller.response(), Map.of("runtime", "hello", "session", "s1"), ALICE, new WaitingReads()));
    }

    @Test
    void theNewSessionsAreShown() throws Exception {
        fork("count=2");
        assertThat(counts).containsExactly(2);
        assertThat(caller.status()).isEqualTo(200);
        assertThat(caller.answer()).contains("\"sessions\":[{\"sessionId\":\"f1\"", "\"sessionId\":\"f2\"");
    }

    @Test
    void withoutANumberItIsOne() throws Exception {
        fork("other=3");
        assertThat(counts).containsExactly(1);
    }

    @Test
    void aRefusalComesLaterToo() throws Exception {
        answer = new CompletableFuture<>();
        fork("count=1");
        answer.completeExceptionally(new RequestException(RequestException.Kind.RETRYABLE_CONFLICT, "It is at work"));
        assertThat(caller.status()).isEqualTo(409);
        assertThat(caller.answer()).contains("It is at work");
    }

    @Test
    void whatKeepsASessionFromBeingForkedIsToldItsCallerWithoutThePlacesOfTheHost() throws Exception {
        answer = CompletableFuture.failedFuture(new RequestException(RequestException.Kind.PLATFORM, "The socket /var/lib/agent-runtime/vm/s01.sock is gone."));
        fork("count=1");
        assertThat(caller.status()).isEqualTo(500);
        assertThat(caller.answer()).contains("s01.sock is gone").doesNotContain("/var/lib");
    }

    @ParameterizedTest
    @ValueSource(strings = {"count=", "count=-1", "count=two", "count=1.5", "count=99999", "count=%2B1"})
    void whatIsNoNumberForksNothing(String query) {
        assertThatThrownBy(() -> fork(query)).isInstanceOfSatisfying(RequestException.class,
                refused -> assertThat(refused.kind()).isEqualTo(RequestException.Kind.VALIDATION)).hasMessageContaining("count");
        assertThat(counts).isEmpty();
    }

    @Test
    void aBodyIsRefused() {
        caller.body("{}".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> fork("count=1")).isInstanceOf(RequestException.class).hasMessageContaining("no body");
        assertThat(counts).isEmpty();
    }
}
