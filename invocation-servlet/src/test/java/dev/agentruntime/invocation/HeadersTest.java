package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Tenant;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {

    @ParameterizedTest
    @ValueSource(strings = {"Content-Type", "ACCEPT", "traceparent", "tracestate", "baggage", "X-Amzn-Trace-Id",
            "Mcp-Session-Id", "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Tenant"})
    void whatTheAgentNeedsIsPassed(String name) {
        assertThat(Headers.goesToAgent(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "Cookie", "Host", "Connection", "Transfer-Encoding", "Content-Length",
            "X-Forwarded-For", "X-Agent-Runtime-Caller-Subject", "X-Agent-Runtime-Caller-Issuer",
            "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", "X-Amzn-Bedrock-AgentCore-Runtime-Request-Id"})
    void whatIsThePlatformsOrSecretIsNot(String name) {
        assertThat(Headers.goesToAgent(name)).isFalse();
        assertThat(Headers.goesToCaller(name)).isFalse();
    }

    @Test
    void aSubjectCannotBreakOutOfItsHeader() {
        assertThat(Headers.value("alice")).isEqualTo("alice");
        assertThat(Headers.value("https://idp/r?x=1")).isEqualTo("https://idp/r?x=1");
        assertThat(Headers.value("a\r\nX: ä%")).isEqualTo("a%0D%0AX:%20%C3%A4%25");
    }

    @Test
    void aTimeoutThatCannotBeReadIsTheDefault() {
        assertThat(FrontDoorLimits.of("PT3S").firstByte()).isEqualTo(Duration.ofSeconds(3));
        assertThat(FrontDoorLimits.of("3 s").firstByte()).isEqualTo(Duration.ofMinutes(15));
        assertThat(FrontDoorLimits.of("PT-3S").firstByte()).isEqualTo(Duration.ofMinutes(15));
    }
}
