package dev.agentruntime.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallTest {

    @ParameterizedTest
    @CsvSource({"a b,a%20b", "a/b,a%2Fb", "a+b,a%2Bb", "ä,%C3%A4", "a~b,a~b", "a*b,a%2Ab", "..,%2E%2E", ".,%2E", "...,...", "{},%7B%7D", "$1,%241"})
    void aSegmentIsWrittenAsItIsSigned(String segment, String written) {
        assertThat(Call.of("GET", "/runtimes/{}/sessions/{}", segment, "s").target()).isEqualTo("/runtimes/" + written + "/sessions/s");
    }

    @Test
    void anEmptySegmentIsRefused() {
        assertThatThrownBy(() -> Call.of("DELETE", "/runtimes/{}/sessions/{}", "hello", "")).isInstanceOf(EmptyNameException.class);
    }

    @Test
    void parametersFollowInTheirOrderAndEmptyOnesAreLeftOut() {
        assertThat(Call.of("GET", "/usage").with("by", "agent,day").with("agent", "").with("from", "2026-11-01").target())
                .isEqualTo("/usage?by=agent%2Cday&from=2026-11-01");
    }

    @Test
    void eachChangeLeavesTheCallBeforeItAsItWas() {
        Call plain = Call.of("POST", "/x");
        Call whole = plain.withHeader("A", "b").with(Payload.of("{}".getBytes(StandardCharsets.UTF_8)), "application/json").within(Duration.ofSeconds(5)).with("q", "1");
        assertThat(plain).isEqualTo(Call.of("POST", "/x"));
        assertThat(whole.header()).containsEntry("A", "b").containsEntry("Content-Type", "application/json");
        assertThat(whole).returns(Duration.ofSeconds(5), Call::within).returns(2L, call -> call.payload().length()).returns("/x?q=1", Call::target);
        assertThat(whole.withHeader("A", "c").header()).containsEntry("A", "c");
    }
}
