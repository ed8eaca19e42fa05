package dev.agentruntime.liberty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class HeartbeatTest {

    @Test
    void anErrorDoesNotEndTheHeartbeat() {
        AtomicInteger beats = new AtomicInteger();
        try (PlatformThreads threads = new PlatformThreads()) {
            threads.everySecond(() -> {
                if (beats.incrementAndGet() == 1) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
            });
            await().atMost(Duration.ofSeconds(10)).until(() -> beats.get() >= 2);
        }
    }

    @Test
    void noFailureGetsOut() {
        for (Throwable failure : new Throwable[] {new IllegalStateException("a fault"), new StackOverflowError(), new Error("JNA")}) {
            assertThatCode(new Heartbeat(() -> HeartbeatTest.<RuntimeException>raise(failure))::run).doesNotThrowAnyException();
        }
    }

    @Test
    void aFailureWithoutWordsDoesNotGetOutEither() {
        AtomicInteger beats = new AtomicInteger();
        new Heartbeat(() -> {
            beats.incrementAndGet();
            throw new Unspeakable();
        }).run();
        assertThat(beats).hasValue(1);
    }

    private static final class Unspeakable extends Error {
        @Override
        public String toString() {
            throw new OutOfMemoryError("no room for words");
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void raise(Throwable failure) throws T {
        throw (T) failure;
    }
}
