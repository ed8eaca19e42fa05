package dev.agentruntime.health;

import static dev.agentruntime.runtime.PingStatus.FAILED;
import static dev.agentruntime.runtime.PingStatus.HEALTHY;
import static dev.agentruntime.runtime.PingStatus.HEALTHY_BUSY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.runtime.spi.PingReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PingJudgeTest {

    @Test
    void agentCoresTwoValuesAreUnderstood() {
        assertThat(PingJudge.judge(new PingReply(200, "{\"status\":\"Healthy\",\"time_of_last_update\":1}")))
                .isEqualTo(HEALTHY);
        assertThat(PingJudge.judge(new PingReply(200, "{\"status\":\"HealthyBusy\"}"))).isEqualTo(HEALTHY_BUSY);
    }

    @Test
    void theTimeOfTheLastUpdateIsNotRead() {
        assertThat(PingJudge.judge(new PingReply(200, "{\"status\":\"Healthy\",\"time_of_last_update\":\"soon\"}")))
                .isEqualTo(HEALTHY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "OK", "{}", "[]", "\"Healthy\"", "{\"status\":\"healthy\"}", "{\"status\":\"Unhealthy\"}",
            "{\"status\":1}", "{\"status\":{\"a\":1}}", "{\"status\":\"Heal"})
    void anythingElseHasFailed(String body) {
        assertThat(PingJudge.judge(new PingReply(200, body))).isEqualTo(FAILED);
    }

    @Test
    void anotherStatusHasFailedWhateverTheBodySays() {
        assertThat(PingJudge.judge(new PingReply(503, "{\"status\":\"Healthy\"}"))).isEqualTo(FAILED);
    }
}
