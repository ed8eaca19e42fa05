package dev.agentruntime.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.sdk.AgentTask;
import dev.agentruntime.sdk.TaskInfo;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TestTasksTest {

    private final TestClock clock = new TestClock(Instant.EPOCH);
    private final TestTasks tasks = new TestTasks(clock);

    @Test
    void openTasksAreShownInTheirOrderWithWhenTheyBegan() {
        AgentTask first = tasks.start("index");
        clock.advance(Duration.ofSeconds(5));
        tasks.start("index");
        assertThat(first.name()).isEqualTo("index");
        assertThat(tasks.open()).containsExactly(new TaskInfo("index", Instant.EPOCH), new TaskInfo("index", Instant.EPOCH.plusSeconds(5)));
    }

    @Test
    void ofTwoWithOneNameTheClosedOneEnds() {
        AgentTask first = tasks.start("index");
        clock.advance(Duration.ofSeconds(5));
        AgentTask second = tasks.start("index");
        first.close();
        assertThat(tasks.open()).containsExactly(new TaskInfo("index", Instant.EPOCH.plusSeconds(5)));
        first.close();
        assertThat(tasks.open()).hasSize(1);
        second.close();
        assertThat(tasks.open()).isEmpty();
    }

    @Test
    void whatWasShownDoesNotChangeWhenATaskEnds() {
        AgentTask task = tasks.start("index");
        var shown = tasks.open();
        task.close();
        assertThat(shown).hasSize(1);
    }
}
