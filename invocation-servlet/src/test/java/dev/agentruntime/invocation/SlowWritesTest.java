package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.Subject;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlowWritesTest {

    private static final Subject ALICE = new Subject("https://idp.test", "alice");
    private static final Subject BOB = new Subject("https://idp.test", "bob");

    private final SlowWrites writes = new SlowWrites();
    private final CountDownLatch unread = new CountDownLatch(1);
    private final AtomicInteger running = new AtomicInteger();

    @AfterEach
    void close() {
        unread.countDown();
        writes.close();
    }

    @Test
    void overHttp11TheThreadThatIsThereWrites() {
        AtomicReference<Thread> writer = new AtomicReference<>();
        writes.executorFor(new FakeCaller().request(), ALICE).execute(() -> writer.set(Thread.currentThread()));
        assertThat(writer).hasValue(Thread.currentThread());
    }

    @Test
    void overHttp2AThreadOfItsOwnDoes() {
        AtomicReference<Thread> writer = new AtomicReference<>();
        http2(ALICE).execute(() -> writer.set(Thread.currentThread()));
        await().untilAsserted(() -> assertThat(writer.get().getName()).isEqualTo("agent-http2-writes"));
    }

    @Test
    void whoDoesNotReadTakesUpItsOwnShareOnly() {
        Executor alice = http2(ALICE);
        for (int i = 0; i < SlowWrites.MOST_OF_ONE; i++) {
            alice.execute(this::waitForReader);
        }
        assertThatThrownBy(() -> alice.execute(this::waitForReader)).isInstanceOf(RejectedExecutionException.class);
        AtomicInteger others = new AtomicInteger();
        http2(BOB).execute(others::incrementAndGet);
        await().until(() -> others.get() == 1);
    }

    @Test
    void answersAreBrokenOffAlthoughTheirSubjectHasItsShareAndBoundedThemselves() {
        for (int i = 0; i < SlowWrites.MOST_OF_ONE; i++) {
            http2(ALICE).execute(this::waitForReader);
        }
        Executor endings = writes.endingsFor(new FakeCaller().protocol("HTTP/2.0").request(), ALICE);
        for (int i = 0; i < SlowWrites.MOST_ENDINGS_OF_ONE; i++) {
            endings.execute(this::waitForReader);
        }
        assertThatThrownBy(() -> endings.execute(this::waitForReader)).isInstanceOf(RejectedExecutionException.class);
        AtomicReference<Thread> writer = new AtomicReference<>();
        writes.endingsFor(new FakeCaller().request(), ALICE).execute(() -> writer.set(Thread.currentThread()));
        assertThat(writer).hasValue(Thread.currentThread());
    }

    @Test
    void whoReadsOnHasItsShareAgain() {
        Executor alice = http2(ALICE);
        for (int i = 0; i < SlowWrites.MOST_OF_ONE; i++) {
            alice.execute(this::waitForReader);
        }
        unread.countDown();
        await().until(() -> running.get() == 0);
        await().ignoreExceptions().untilAsserted(() -> {
            AtomicInteger again = new AtomicInteger();
            alice.execute(again::incrementAndGet);
            await().until(() -> again.get() == 1);
        });
    }

    private Executor http2(Subject subject) {
        return writes.executorFor(new FakeCaller().protocol("HTTP/2.0").request(), subject);
    }

    private void waitForReader() {
        running.incrementAndGet();
        try {
            unread.await();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } finally {
            running.decrementAndGet();
        }
    }
}
