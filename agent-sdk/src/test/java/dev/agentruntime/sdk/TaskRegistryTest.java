package dev.agentruntime.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TaskRegistryTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.ofEpochSecond(1000));
    private final TaskRegistry tasks = new TaskRegistry(clock());

    @Test
    void aPingIsHealthySinceTheStart() {
        after(Duration.ofSeconds(5));
        assertThat(tasks.ping()).isEqualTo("{\"status\":\"Healthy\",\"time_of_last_update\":1000}");
    }

    @Test
    void aPingIsBusyWhileAnyTaskIsOpen() {
        after(Duration.ofSeconds(5));
        AgentTask first = tasks.start("first");
        after(Duration.ofSeconds(5));
        AgentTask second = tasks.start("second");
        first.close();
        assertThat(tasks.ping()).isEqualTo("{\"status\":\"HealthyBusy\",\"time_of_last_update\":1005}");
        after(Duration.ofSeconds(5));
        second.close();
        after(Duration.ofSeconds(5));
        assertThat(tasks.ping()).isEqualTo("{\"status\":\"Healthy\",\"time_of_last_update\":1015}");
    }

    @Test
    void closingTwiceEndsOneTaskOnly() {
        AgentTask first = tasks.start("same name");
        tasks.start("same name");
        first.close();
        after(Duration.ofSeconds(5));
        first.close();
        assertThat(tasks.open()).hasSize(1);
        assertThat(tasks.ping()).contains("HealthyBusy").contains("1000");
    }

    @Test
    void theOpenTasksAreListedOldestFirst() {
        tasks.start("first");
        after(Duration.ofSeconds(2));
        tasks.start("second");
        assertThat(tasks.open()).containsExactly(
                new TaskInfo("first", Instant.ofEpochSecond(1000)), new TaskInfo("second", Instant.ofEpochSecond(1002)));
    }

    @Test
    void aTaskNeedsAName() {
        assertThatThrownBy(() -> tasks.start(null)).isInstanceOf(NullPointerException.class);
        assertThat(tasks.ping()).contains("\"Healthy\"");
    }

    @Test
    void manyThreadsLeaveNothingOpen() {
        CompletableFuture.allOf(IntStream.range(0, 64).mapToObj(n -> CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 100; i++) {
                try (AgentTask task = tasks.start(n + "." + i)) {
                    assertThat(tasks.open()).extracting(TaskInfo::name).contains(task.name());
                }
            }
        })).toArray(CompletableFuture[]::new)).join();
        assertThat(tasks.open()).isEmpty();
        assertThat(tasks.ping()).contains("\"Healthy\"");
    }

    private void after(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    private Clock clock() {
        InstantSource source = now::get;
        return source.withZone(ZoneOffset.UTC);
    }
}
