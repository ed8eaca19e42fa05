package dev.agentruntime.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LaneTest {

    private static final Order.OnVm READ = new Order.ReadMeter(Duration.ZERO);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Order> done = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void ordersAreCarriedOutInTurn() {
        AtomicInteger atOnce = new AtomicInteger();
        Lane lane = new Lane(threads, order -> {
            assertThat(atOnce.incrementAndGet()).isEqualTo(1);
            done.add(order);
            atOnce.decrementAndGet();
        });
        for (int i = 0; i < 200; i++) {
            lane.add(new Order.Pause());
            lane.add(new Order.Resume());
        }
        await().until(() -> done.size() == 400);
        for (int i = 0; i < 400; i += 2) {
            assertThat(done.subList(i, i + 2)).containsExactly(new Order.Pause(), new Order.Resume());
        }
    }

    @Test
    void whoeverGivesAnOrderDoesNotWaitForIt() {
        CountDownLatch gate = new CountDownLatch(1);
        Lane lane = new Lane(threads, order -> pass(gate));
        lane.add(new Order.Pause());
        lane.add(new Order.Destroy());
        gate.countDown();
    }

    @Test
    void oneReadingThatWaitsIsAsGoodAsMany() {
        Deque<Runnable> later = new ArrayDeque<>();
        Lane lane = new Lane(later::add, done::add);
        lane.add(READ);
        lane.add(new Order.Pause());
        lane.add(READ);
        later.remove().run();
        assertThat(later).isEmpty();
        assertThat(done).containsExactly(READ, new Order.Pause());
    }

    @Test
    void anOrderThatFindsNoThreadIsCarriedOutLater() {
        AtomicInteger tries = new AtomicInteger();
        Executor scarce = work -> {
            switch (tries.getAndIncrement()) {
                case 0 -> throw new OutOfMemoryError("unable to create native thread");
                case 1 -> throw new RejectedExecutionException("full");
                default -> work.run();
            }
        };
        Lane lane = new Lane(scarce, done::add);
        lane.add(new Order.Destroy());
        lane.pump();
        assertThat(done).isEmpty();
        lane.pump();
        assertThat(done).containsExactly(new Order.Destroy());
    }

    @Test
    void anOrderThatBreaksKeepsNoneAfterItFromItsTurn() {
        Deque<Runnable> later = new ArrayDeque<>();
        Lane lane = new Lane(later::add, order -> {
            done.add(order);
            throw new StackOverflowError("broken");
        });
        lane.add(new Order.Pause());
        lane.add(new Order.Destroy());
        later.remove().run();
        assertThat(done).containsExactly(new Order.Pause(), new Order.Destroy());
        lane.add(new Order.Release());
        assertThat(later).hasSize(1);
    }

    private static void pass(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
