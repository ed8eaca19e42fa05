package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.SessionView;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The process has no thread left for a moment. */
final class HeartbeatTest extends PlatformTestBase {

    @Test
    void sessionsAndAgentsGoOnAfterAMomentWithoutThreads() {
        AtomicBoolean exhausted = new AtomicBoolean();
        ExecutorService threads = Executors.newCachedThreadPool();
        pools.add(threads);
        Executor scarce = work -> {
            if (exhausted.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            threads.execute(work);
        };
        platform = new AgentPlatform(config(hello()), driver, ledger, directory,
                new Workers(scarce, scarce, scarce, scarce, scarce), clock.times());
        platform.listen(recorder);
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        served(ID, ALICE);
        served(ID + "-2", ALICE);
        exhausted.set(true);
        for (int i = 0; i < 3; i++) {
            pass(Duration.ofMinutes(6));
        }
        assertThat(driver.live()).hasSize(2);
        exhausted.set(false);
        await().untilAsserted(() -> {
            pass(Duration.ofSeconds(1));
            assertThat(driver.live()).isEmpty();
            assertThat(platform.sessions("hello", ALICE)).hasSize(2)
                    .allMatch(session -> session.status() == SessionView.Status.TERMINATED);
            assertThat(ledger.rows()).hasSize(2).allMatch(row -> row.closedAt().isPresent());
        });
        served(ID + "-3", ALICE);
    }
}
