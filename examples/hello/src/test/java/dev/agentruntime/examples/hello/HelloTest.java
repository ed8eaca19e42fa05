package dev.agentruntime.examples.hello;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.sdk.AgentContext;
import dev.agentruntime.sdk.AgentTasks;
import dev.agentruntime.sdk.Caller;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HelloTest {

    private final Hello hello = new Hello();

    private record Context(String sessionId, String requestId, Optional<Caller> caller, AgentTasks tasks) implements AgentContext {
        @Override
        public Optional<String> header(String name) {
            return Optional.empty();
        }
    }

    private static final Context CONTEXT = new Context("s-1", "r-1", Optional.empty(), null);

    @Test
    void theCallsOfASessionAreCounted() {
        Reply first = hello.invoke(new Prompt("Ada", null), CONTEXT);
        Reply second = hello.invoke(new Prompt(null, null), CONTEXT);
        assertThat(first.greeting()).isEqualTo("Hello, Ada!");
        assertThat(second.greeting()).isEqualTo("Hello, stranger!");
        assertThat(first.call()).isEqualTo(1);
        assertThat(second.call()).isEqualTo(2);
        assertThat(first.uuid()).isNotEqualTo(second.uuid());
        assertThat(first.hostName()).isNotBlank().isEqualTo(second.hostName());
        assertThat(first.sessionId()).isEqualTo("s-1");
    }

    @Test
    void itFailsWhenItIsAskedTo() {
        assertThatThrownBy(() -> hello.invoke(new Prompt("fail", null), CONTEXT)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> hello.invoke(new Prompt("Ada", "out of ink"), CONTEXT)).hasMessage("out of ink");
    }
}
