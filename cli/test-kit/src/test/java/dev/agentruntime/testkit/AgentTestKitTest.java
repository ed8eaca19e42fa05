package dev.agentruntime.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.sdk.AgentContext;
import dev.agentruntime.sdk.AgentEntrypoint;
import dev.agentruntime.sdk.AgentTask;
import dev.agentruntime.sdk.TaskInfo;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AgentTestKitTest {

    @RegisterExtension
    private final AgentTestKit kit = new AgentTestKit();

    public static final class Talking {
        @AgentEntrypoint
        public String invoke(String body, AgentContext context) {
            return body + " " + context.sessionId() + " " + context.caller().orElseThrow().subject() + " " + context.header("x-custom").orElse("none")
                    + " " + context.isWarmUp();
        }
    }

    public static final class Streaming {
        @AgentEntrypoint
        public Stream<Integer> invoke() {
            return Stream.of(1, 2, 3);
        }
    }

    public static final class Publishing {
        @AgentEntrypoint
        public Flow.Publisher<Integer> invoke(Boolean fail) {
            return subscriber -> {
                SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>();
                publisher.subscribe(subscriber);
                publisher.submit(1);
                if (fail) {
                    publisher.closeExceptionally(new IllegalStateException("out of words"));
                } else {
                    publisher.close();
                }
            };
        }
    }

    public static final class Promising {
        @AgentEntrypoint
        public CompletionStage<String> invoke(AgentContext context) {
            AgentTask task = context.tasks().start("index");
            return CompletableFuture.completedFuture(context.tasks().open().get(0).name() + task.name());
        }
    }

    public static final class Failing {
        @AgentEntrypoint
        public void invoke(String body) throws IOException {
            if (body.isEmpty()) {
                throw new IllegalArgumentException("empty");
            }
            throw new IOException(body);
        }
    }

    @Test
    void anAgentIsCalledWithBodyAndContext() {
        assertThat(kit.invoke(new Talking(), "hello")).isEqualTo("hello test-session-00000000000000000000000001 alice none false");
        kit.session("s").caller("i", "bob").header("X-Custom", "a");
        assertThat(kit.invoke(new Talking(), "hello")).isEqualTo("hello s bob a false");
    }

    @Test
    void eachTestBeginsAnew() {
        kit.session("other").clock().advance(Duration.ofDays(1));
        kit.beforeEach(null);
        assertThat(kit.context().sessionId()).startsWith("test-session");
        assertThat(kit.clock().instant()).isEqualTo(Instant.parse("2026-01-01T12:00:00Z"));
    }

    @Test
    void eventsAreCollected() {
        assertThat(kit.events(new Streaming(), null)).isEqualTo(List.of(1, 2, 3));
        assertThat(kit.events(new Publishing(), false)).isEqualTo(List.of(1));
        assertThatThrownBy(() -> kit.events(new Publishing(), true)).isInstanceOf(IllegalStateException.class).hasMessage("out of words");
        assertThatThrownBy(() -> kit.events(new Talking(), "")).hasMessageContaining("neither a Stream nor a Flow.Publisher");
    }

    @Test
    void aPromiseIsAwaitedAndItsTaskKeepsTheAgentBusy() {
        assertThat(kit.ping()).isEqualTo("Healthy");
        assertThat(kit.invoke(new Promising(), null)).isEqualTo("indexindex");
        assertThat(kit.ping()).isEqualTo("HealthyBusy");
    }

    @Test
    void aClosedTaskIsOver() {
        AgentTask task = kit.context().tasks().start("index");
        assertThat(kit.context().tasks().open()).containsExactly(new TaskInfo("index", kit.clock().instant()));
        task.close();
        task.close();
        assertThat(kit.ping()).isEqualTo("Healthy");
    }

    @Test
    void whatAnAgentThrowsIsThrown() {
        assertThatThrownBy(() -> kit.invoke(new Failing(), "")).isInstanceOf(IllegalArgumentException.class).hasMessage("empty");
        assertThatThrownBy(() -> kit.invoke(new Failing(), "cold")).isInstanceOf(AgentFailedException.class).hasRootCauseMessage("cold");
    }

    /** Of which the compiler makes a second method, with the same annotation. */
    public interface Handler<T> {
        Object handle(T body);
    }

    public static final class Handling implements Handler<Integer> {
        @Override
        @AgentEntrypoint
        public Object handle(Integer body) {
            return body + 1;
        }
    }

    @Test
    void anAgentMayBeOfAGenericType() {
        assertThat(kit.invoke(new Handling(), 1)).isEqualTo(2);
    }

    @Test
    void aBodyOfAnotherClassIsTheTestsFaultAndNotTheAgents() {
        assertThatThrownBy(() -> kit.invoke(new Talking(), 7)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("AgentTestKitTest$Talking.invoke(java.lang.String,dev.agentruntime.sdk.AgentContext) does not take a java.lang.Integer");
    }

    @Test
    void requestsAreNumberedFromOneInEachTest() {
        assertThat(kit.context().requestId()).isEqualTo("request-1");
        assertThat(kit.context().requestId()).isEqualTo("request-2");
        kit.beforeEach(null);
        assertThat(kit.context().requestId()).isEqualTo("request-1");
    }

    @Test
    void whatIsNoAgentIsSaidToBeNone() {
        assertThatThrownBy(() -> kit.invoke("text", null)).hasMessage("java.lang.String has 0 public methods with @AgentEntrypoint; an agent has one");
    }
}
