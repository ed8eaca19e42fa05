package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeartbeatTest {

    private final Heartbeat heartbeat = new Heartbeat();

    private List<Heartbeat.Step> silence(int looks) {
        List<Heartbeat.Step> steps = new ArrayList<>();
        for (int i = 0; i < looks; i++) {
            steps.add(heartbeat.look(false));
        }
        return steps;
    }

    @Test
    void aGuestThatTalksIsNotAsked() {
        for (int i = 0; i < 100; i++) {
            assertThat(heartbeat.look(i % 2 == 0)).isEqualTo(Heartbeat.Step.NONE);
        }
    }

    @Test
    void aSilentGuestIsAskedOnceAndThenGivenUp() {
        List<Heartbeat.Step> expected = new ArrayList<>(Collections.nCopies(Heartbeat.LOST_AFTER, Heartbeat.Step.NONE));
        expected.set(Heartbeat.PING_AFTER - 1, Heartbeat.Step.PING);
        expected.set(Heartbeat.LOST_AFTER - 1, Heartbeat.Step.LOST);
        assertThat(silence(Heartbeat.LOST_AFTER)).isEqualTo(expected);
    }

    @Test
    void anyByteBeginsTheCountAnew() {
        silence(Heartbeat.LOST_AFTER - 1);
        assertThat(heartbeat.look(true)).isEqualTo(Heartbeat.Step.NONE);
        assertThat(silence(Heartbeat.LOST_AFTER)).endsWith(Heartbeat.Step.LOST);
    }

    @Test
    void aGuestThatWasPausedHasAllItsTimeAgain() {
        silence(Heartbeat.LOST_AFTER - 1);
        heartbeat.reset();
        assertThat(silence(Heartbeat.LOST_AFTER - 1)).doesNotContain(Heartbeat.Step.LOST);
    }
}
