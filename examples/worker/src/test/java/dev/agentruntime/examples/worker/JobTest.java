package dev.agentruntime.examples.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.sdk.AgentTask;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobTest {

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger closed = new AtomicInteger();
    private final Job job = new Job(2, Duration.ofMillis(50), new AgentTask() {
        @Override
        public String name() {
            return "test";
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    });

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void theTaskIsOpenUntilTheLastStep() {
        job.startOn(executor);
        assertThat(job.progress()).isEqualTo(new Progress("running", 0, 2));
        assertThat(closed).hasValue(0);
        await().until(() -> closed.get() == 1);
        assertThat(job.progress()).isEqualTo(new Progress("done", 2, 2));
    }

    @Test
    void aCancelledJobDoesNoMoreStepsAndClosesItsTaskOnce() {
        job.startOn(executor);
        job.cancel();
        job.cancel();
        assertThat(closed).hasValue(1);
        await().during(Duration.ofMillis(300)).until(() -> job.progress().equals(new Progress("cancelled", 0, 2)));
    }

    @Test
    void aJobThatIsDoneCannotBeCancelled() {
        job.startOn(executor);
        await().until(() -> job.progress().hasEnded());
        job.cancel();
        assertThat(job.progress()).isEqualTo(new Progress("done", 2, 2));
        assertThat(closed).hasValue(1);
    }

    @Test
    void aJobThatCannotStartLeavesNoTaskOpen() {
        executor.shutdownNow();
        assertThatThrownBy(() -> job.startOn(executor)).isInstanceOf(RejectedExecutionException.class);
        assertThat(closed).hasValue(1);
    }
}
