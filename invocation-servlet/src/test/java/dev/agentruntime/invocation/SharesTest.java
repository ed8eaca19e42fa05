package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.Subject;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharesTest {

    private static final Subject ALICE = new Subject("https://idp.test", "alice");
    private static final Subject BOB = new Subject("https://idp.test", "bob");

    private final Shares<Subject> shares = new Shares<>(2);

    @Test
    void nobodyHasMoreThanAShare() {
        assertThat(shares.take(ALICE)).isTrue();
        assertThat(shares.take(ALICE)).isTrue();
        assertThat(shares.take(ALICE)).isFalse();
        assertThat(shares.take(BOB)).isTrue();
    }

    @Test
    void oneOfTheSameNameAtAnotherIssuerIsSomebodyElse() {
        shares.take(ALICE);
        shares.take(ALICE);
        assertThat(shares.take(new Subject("https://other.test", "alice"))).isTrue();
    }

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        shares.take(ALICE);
        shares.take(ALICE);
        shares.giveBack(ALICE);
        assertThat(shares.take(ALICE)).isTrue();
        assertThat(shares.take(ALICE)).isFalse();
    }

    @Test
    void whoHasGivenAllBackIsForgotten() {
        for (int round = 0; round < 3; round++) {
            shares.take(ALICE);
            shares.take(ALICE);
            shares.take(ALICE);
            shares.giveBack(ALICE);
            shares.giveBack(ALICE);
        }
        assertThat(shares.takers()).isZero();
    }

    @Test
    void manyAtOnceGetNoMoreThanTheirShareAndLeaveNothingBehind() throws Exception {
        Shares<Subject> few = new Shares<>(5);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Boolean>> taken = threads.invokeAll(
                    IntStream.range(0, 200).mapToObj(i -> (Callable<Boolean>) () -> few.take(ALICE)).toList());
            assertThat(taken).extracting(Future::get).filteredOn(got -> got).hasSize(5);
        } finally {
            threads.shutdownNow();
        }
        IntStream.range(0, 5).forEach(i -> few.giveBack(ALICE));
        assertThat(few.takers()).isZero();
    }
}
