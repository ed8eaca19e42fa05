package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TurnsTest {

    private final Turns turns = new Turns();

    @Test
    void ofOneKeyOneThingIsDoneAtATimeAndNothingIsRemembered() {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<CompletableFuture<Void>> all = IntStream.range(0, 8).mapToObj(i -> CompletableFuture.runAsync(() -> {
            for (int n = 0; n < 200; n++) {
                turns.in("key", () -> {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    return inside.decrementAndGet();
                });
            }
        })).toList();
        all.forEach(CompletableFuture::join);
        assertThat(most).hasValue(1);
        assertThat(turns.size()).isZero();
    }

    @Test
    void anotherKeyWaitsForNobody() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CompletableFuture<Boolean> slow = CompletableFuture.supplyAsync(() -> turns.in("slow", () -> waited(end)));
        assertThat(CompletableFuture.supplyAsync(() -> turns.in("quick", () -> 7)).get(30, TimeUnit.SECONDS)).isEqualTo(7);
        end.countDown();
        assertThat(slow.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whoHasTheTurnMayTakeItAgainAndAnothersToo() {
        assertThat(turns.<Integer>in("a", () -> turns.in("a", () -> turns.in("b", () -> 3)))).isEqualTo(3);
        assertThat(turns.size()).isZero();
    }

    @Test
    void aFailureGivesTheTurnUp() {
        assertThatThrownBy(() -> turns.in("a", () -> {
            throw new IllegalStateException("no");
        })).hasMessage("no");
        assertThat(turns.size()).isZero();
        assertThat(turns.<Integer>in("a", () -> 1)).isEqualTo(1);
    }

    private static boolean waited(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
