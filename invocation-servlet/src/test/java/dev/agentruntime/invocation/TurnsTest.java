package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnsTest {

    @Test
    void whatIsAskedForWithinATurnIsDoneAfterItOnce() {
        AtomicInteger done = new AtomicInteger();
        AtomicInteger within = new AtomicInteger();
        Turns[] turns = new Turns[1];
        turns[0] = new Turns(() -> {
            assertThat(within.getAndIncrement()).isZero();
            if (done.incrementAndGet() == 1) {
                turns[0].take();
                turns[0].take();
            }
            within.decrementAndGet();
        });
        turns[0].take();
        assertThat(done).hasValue(2);
        turns[0].take();
        assertThat(done).hasValue(3);
    }

    @Test
    void manyThreadsMissNothingAndAreNeverAtItTogether() throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger within = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        List<Integer> together = new ArrayList<>();
        Turns turns = new Turns(() -> {
            if (within.incrementAndGet() > 1) {
                together.add(1);
            }
            seen.set(asked.get());
            within.decrementAndGet();
        });
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(new Thread(() -> {
                for (int n = 0; n < 50_000; n++) {
                    asked.incrementAndGet();
                    turns.take();
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(together).isEmpty();
        assertThat(seen).hasValue(200_000);
    }
}
