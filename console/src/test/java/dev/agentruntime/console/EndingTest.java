package dev.agentruntime.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.SessionView.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EndingTest {

    @Test
    void aSessionAtRestEndsWhenItHasRestedLongEnough() {
        assertThat(Ending.of(TestPlatform.session("a", "alice", Status.IDLE))).contains(TestPlatform.BEGAN.plusSeconds(60 + 15 * 60));
        assertThat(Ending.of(TestPlatform.session("a", "alice", Status.HIBERNATED))).contains(TestPlatform.BEGAN.plusSeconds(60 + 15 * 60));
    }

    @Test
    void oneThatWorksEndsWithItsLongestLife() {
        assertThat(Ending.of(TestPlatform.session("a", "alice", Status.ACTIVE))).contains(TestPlatform.BEGAN.plus(Duration.ofHours(8)));
    }

    @Test
    void whicheverComesFirstCounts() {
        assertThat(Ending.of(TestPlatform.session("a", "alice", Status.IDLE).livingFor(Duration.ofMinutes(2)))).contains(TestPlatform.BEGAN.plusSeconds(120));
    }

    @Test
    void oneThatHasEndedDoesNotEnd() {
        assertThat(Ending.of(TestPlatform.ended("a", "alice", "over"))).isEmpty();
    }
}
