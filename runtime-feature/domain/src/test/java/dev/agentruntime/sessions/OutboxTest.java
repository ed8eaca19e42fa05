package dev.agentruntime.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class OutboxTest {

    private final Outbox outbox = new Outbox();
    private final List<Integer> done = Collections.synchronizedList(new ArrayList<>());

    @Test
    void whatIsAddedIsDoneInOrderOnTheThreadThatEmptiesIt() {
        Thread here = Thread.currentThread();
        IntStream.range(0, 5).forEach(i -> outbox.add(() -> {
            assertThat(Thread.currentThread()).isSameAs(here);
            done.add(i);
        }));
        outbox.empty();
        assertThat(done).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void whatADeedAddsComesAfterIt() {
        outbox.add(() -> {
            outbox.add(() -> done.add(2));
            outbox.empty();
            done.add(1);
        });
        outbox.empty();
        assertThat(done).containsExactly(1, 2);
    }

    @Test
    void aDeedThatBreaksHarmsNoneAfterIt() {
        outbox.add(() -> {
            throw new StackOverflowError("broken");
        });
        outbox.add(() -> done.add(1));
        outbox.empty();
        assertThat(done).containsExactly(1);
        outbox.add(() -> done.add(2));
        outbox.empty();
        assertThat(done).containsExactly(1, 2);
    }

    @Test
    void aThreadThatFindsAnotherAtItLeavesItsOwnToThatOne() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        ExecutorService other = Executors.newSingleThreadExecutor();
        outbox.add(() -> {
            begun.countDown();
            pass(gate);
        });
        other.execute(outbox::empty);
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        outbox.add(() -> done.add(1));
        outbox.empty();
        assertThat(done).isEmpty();
        gate.countDown();
        await().until(() -> done.equals(List.of(1)));
        other.shutdown();
    }

    @Test
    void nothingIsLostBetweenThreads() {
        ExecutorService many = Executors.newFixedThreadPool(8);
        IntStream.range(0, 2_000).forEach(i -> many.execute(() -> {
            outbox.add(() -> done.add(i));
            outbox.empty();
        }));
        await().until(() -> done.size() == 2_000);
        assertThat(done).doesNotHaveDuplicates();
        many.shutdown();
    }

    private static void pass(CountDownLatch gate) {
        try {
            gate.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
