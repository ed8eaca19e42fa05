package dev.agentruntime.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ColdStartsTest {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicInteger running = new AtomicInteger();

    @AfterEach
    void stop() {
        gate.countDown();
        threads.shutdownNow();
    }

    @Test
    void soManyRunAtOnceAndTheNextWaits() {
        ColdStarts cold = new ColdStarts(2, Duration.ofMinutes(1));
        for (int i = 0; i < 5; i++) {
            threads.submit(() -> cold.start(this::held));
        }
        await().until(() -> running.get() == 2);
        await().during(Duration.ofMillis(100)).until(() -> running.get() == 2);
        gate.countDown();
        await().until(() -> running.get() == 5);
    }

    @Test
    void whoHasWaitedLongStartsAllTheSame() {
        ColdStarts cold = new ColdStarts(1, Duration.ofMillis(50));
        threads.submit(() -> cold.start(this::held));
        await().until(() -> running.get() == 1);
        threads.submit(() -> cold.start(this::held));
        await().until(() -> running.get() == 2);
    }

    @Test
    void aStartThatFailsGivesItsPlaceBack() {
        ColdStarts cold = new ColdStarts(1, Duration.ofMinutes(1));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> cold.start(() -> {
                throw new NoRoomException("full", 1);
            })).isInstanceOf(NoRoomException.class);
        }
    }

    @Test
    void anInterruptIsAFailedStart() throws Exception {
        ColdStarts cold = new ColdStarts(1, Duration.ofMinutes(1));
        threads.submit(() -> cold.start(this::held));
        await().until(() -> running.get() == 1);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread waiting = new Thread(() -> {
            try {
                cold.start(this::held);
            } catch (VmException e) {
                failure.set(e);
            }
        });
        waiting.start();
        waiting.interrupt();
        waiting.join(10_000);
        assertThat(failure.get()).hasMessageContaining("The server was stopped");
    }

    private Vm held() {
        running.incrementAndGet();
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new VmException("There is no VM in this test.");
    }
}
