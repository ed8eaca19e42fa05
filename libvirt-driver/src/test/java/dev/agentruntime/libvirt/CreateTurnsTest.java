package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.libvirt.CreateTurns.For;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CreateTurnsTest {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> begun = new CopyOnWriteArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void stop() {
        end.countDown();
        threads.shutdownNow();
    }

    private CompletableFuture<String> create(CreateTurns turns, For whom, String name) {
        return CompletableFuture.supplyAsync(() -> turns.in(whom, () -> {
            begun.add(name);
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return name;
        }), threads);
    }

    private void awaitBegun(int count) {
        await().until(() -> begun.size() == count);
    }

    @Test
    void whatIsMadeForLaterLeavesAPlaceForASession() {
        CreateTurns turns = new CreateTurns(2);
        create(turns, For.LATER, "pool");
        awaitBegun(1);
        create(turns, For.LATER, "template");
        create(turns, For.SESSION, "session");
        awaitBegun(2);
        assertThat(begun).containsExactly("pool", "session");
    }

    @Test
    void sessionsMayHaveAllPlacesAndWhatIsForLaterComesAfterThem() throws Exception {
        CreateTurns turns = new CreateTurns(2);
        create(turns, For.SESSION, "first");
        create(turns, For.SESSION, "second");
        awaitBegun(2);
        CompletableFuture<String> pool = create(turns, For.LATER, "pool");
        end.countDown();
        assertThat(pool.get(30, TimeUnit.SECONDS)).isEqualTo("pool");
        assertThat(begun).last().isEqualTo("pool");
    }

    @Test
    void onOneCoreAllGetTheirTurn() {
        CreateTurns turns = new CreateTurns(1);
        end.countDown();
        assertThat(turns.<Integer>in(For.LATER, () -> 1) + turns.<Integer>in(For.SESSION, () -> 2)).isEqualTo(3);
    }

    @Test
    void whatFailsGivesItsPlaceBack() {
        CreateTurns turns = new CreateTurns(1);
        for (For whom : For.values()) {
            assertThatThrownBy(() -> turns.in(whom, () -> {
                throw new IllegalStateException("no");
            })).hasMessage("no");
        }
        assertThat(turns.<Integer>in(For.LATER, () -> 7)).isEqualTo(7);
    }
}
