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

class HibernateSessionTest {

    private static final Caller ALICE = new Caller(new Subject("urn:test", "alice"), false);

    private final List<String> sessions = new ArrayList<>();
    private final FakeCaller caller = new FakeCaller();
    private CompletableFuture<SessionView> answer = CompletableFuture.completedFuture(new SessionView("s1", "hello", "", SessionView.Status.HIBERNATED,
            ALICE.subject(), Instant.EPOCH, Instant.EPOCH, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
            new Usage(0, BigDecimal.ZERO, 0, 0, MeterSource.CGROUP)));

    private void hibernate() throws Exception {
        new HibernateSession(new OneInvocation(new CompletableFuture<>()) {
            @Override
            public CompletionStage<SessionView> hibernate(String runtime, String sessionId, Caller by) {
                assertThat(List.of(runtime, by)).containsExactly("hello", ALICE);
                sessions.add(sessionId);
                return answer;
            }
        }, new Costs(Optional::empty)).serve(new Operation.Call(caller.request(), caller.response(), Map.of("runtime", "hello", "session", "s1"), ALICE, new WaitingReads()));
    }

    @Test
    void theSessionIsShownAsItIsOnTheDisk() throws Exception {
        caller.in.end();
        hibernate();
        assertThat(sessions).containsExactly("s1");
        assertThat(caller.status()).isEqualTo(200);
        assertThat(caller.answer()).contains("\"sessionId\":\"s1\"", "\"status\":\"Hibernated\"");
    }

    @Test
    void aRefusalComesLaterTooAndSaysWhenToAskAgain() throws Exception {
        answer = new CompletableFuture<>();
        caller.in.end();
        hibernate();
        answer.completeExceptionally(new RequestException(RequestException.Kind.RETRYABLE_CONFLICT, "It is at work"));
        assertThat(caller.status()).isEqualTo(409);
        assertThat(caller.answerHeaders("Retry-After")).containsExactly("1");
        assertThat(caller.answer()).contains("It is at work");
    }

    @Test
    void whatKeepsItFromTheDiskIsToldItsCallerWithoutThePlacesOfTheHost() throws Exception {
        answer = CompletableFuture.failedFuture(new RequestException(RequestException.Kind.PLATFORM, "The file /proc/12/pagemap cannot be read."));
        caller.in.end();
        hibernate();
        assertThat(caller.status()).isEqualTo(500);
        assertThat(caller.answerHeaders("Retry-After")).isEmpty();
        assertThat(caller.answer()).contains("pagemap cannot be read").doesNotContain("/proc/12");
    }

    @Test
    void aBodyIsRefused() {
        caller.body("{}".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(this::hibernate).isInstanceOfSatisfying(RequestException.class,
                refused -> assertThat(refused.kind()).isEqualTo(RequestException.Kind.VALIDATION)).hasMessageContaining("no body");
        assertThat(sessions).isEmpty();
    }
}
