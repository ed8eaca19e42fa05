package dev.agentruntime.health;

import static dev.agentruntime.api.PingStatus.FAILED;
import static dev.agentruntime.api.PingStatus.HEALTHY;
import static dev.agentruntime.api.PingStatus.HEALTHY_BUSY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.PingAnswer;
import dev.agentruntime.api.PingStatus;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PingJudgeTest {

    @Test
    void anAgentThatSaysHealthyBusyHasWorkOfItsOwn() {
        assertThat(judge("{\"status\":\"HealthyBusy\",\"time_of_last_update\":\"soon\"}")).isEqualTo(HEALTHY_BUSY);
        assertThat(judge("\uFEFF{\"status\":\"HealthyBusy\"}")).isEqualTo(HEALTHY_BUSY);
    }

    static Stream<String> bodies() {
        return Stream.of("", "ok", "{\"status\":\"Healthy\"}", "{\"status\":\"healthy\"}", "\"HealthyBusy\"", "{\"status\":1}",
                "{\"status\":\"Healthy\"", "{\"status\":\"Healthy\",\"x\":1e99999999999}", "[".repeat(4000),
                "{\"x\":" + "[".repeat(2000) + "]".repeat(2000) + "}");
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void anAgentThatAnswers200IsAliveWhateverItSays(String body) {
        assertThat(judge(body)).isEqualTo(HEALTHY);
    }

    @ParameterizedTest
    @ValueSource(ints = {199, 204, 301, 404, 500, 503})
    void anotherStatusHasFailed(int status) {
        assertThat(PingJudge.judge(new PingAnswer.Replied(status, "{\"status\":\"Healthy\"}"))).isEqualTo(FAILED);
    }

    @Test
    void silenceHasFailed() {
        assertThat(PingJudge.judge(new PingAnswer.Silent("no answer within 15s"))).isEqualTo(FAILED);
    }

    @Test
    void anAnswerIsQuotedInOneShortLine() {
        assertThat(PingJudge.quote(new PingAnswer.Replied(503, "not\r\nyet\u0000" + "!".repeat(500))))
                .startsWith("HTTP 503 not yet !").hasSizeLessThan(140).doesNotContain("\n", "\u0000");
        assertThat(PingJudge.quote(new PingAnswer.Silent("no answer"))).isEqualTo("no answer");
    }

    private static PingStatus judge(String body) {
        return PingJudge.judge(new PingAnswer.Replied(200, body));
    }
}
