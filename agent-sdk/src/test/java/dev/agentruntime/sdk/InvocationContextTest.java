package dev.agentruntime.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InvocationContextTest {

    private final AgentTasks tasks = new TaskRegistry(Clock.systemUTC());

    @Test
    void thePlatformsHeadersAreReadInAnyCase() {
        AgentContext context = InvocationContext.of(Map.of(
                "x-amzn-bedrock-agentcore-runtime-session-id", "s-1",
                "X-AMZN-BEDROCK-AGENTCORE-RUNTIME-REQUEST-ID", "r-1",
                "x-agent-runtime-caller-issuer", "https://issuer",
                "X-Agent-Runtime-Caller-Subject", "alice"), "none", tasks);
        assertThat(context.sessionId()).isEqualTo("s-1");
        assertThat(context.requestId()).isEqualTo("r-1");
        assertThat(context.caller()).contains(new Caller("https://issuer", "alice"));
        assertThat(context.header("X-Agent-Runtime-caller-subject")).contains("alice");
    }

    @Test
    void aCallerThatCannotBeReadIsTheCallersFault() {
        assertThatThrownBy(() -> InvocationContext.of(Map.of("X-Agent-Runtime-Caller-Issuer", "i", "X-Agent-Runtime-Caller-Subject", "100%"), "none", tasks))
                .isInstanceOf(BadRequestException.class).hasMessage("Invalid header");
    }

    @Test
    void withoutAPlatformThereIsASessionAndARequestButNoCaller() {
        AgentContext first = InvocationContext.of(Map.of(), "fallback", tasks);
        AgentContext second = InvocationContext.of(Map.of("X-Agent-Runtime-Caller-Subject", "alice"), "fallback", tasks);
        assertThat(first.sessionId()).isEqualTo("fallback");
        assertThat(first.requestId()).isNotEqualTo(second.requestId());
        assertThat(second.caller()).isEmpty();
        assertThat(first.header("Accept")).isEmpty();
    }
}
