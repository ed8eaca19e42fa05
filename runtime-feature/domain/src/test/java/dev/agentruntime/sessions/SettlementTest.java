package dev.agentruntime.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class SettlementTest {

    private static final SessionKey ONE = new SessionKey("hello", "one");
    private static final SessionKey TWO = new SessionKey("hello", "two");
    private static final SessionKey OTHER = new SessionKey("hello", "other");

    private final Settlement settlement = new Settlement();

    private CompletableFuture<String> asked(SessionKey session, Duration patience) {
        return settlement.once(session, patience, Runnable::run, () -> CompletableFuture.completedFuture("answered"));
    }

    private CompletableFuture<String> asked(SessionKey session) {
        return asked(session, Duration.ofMinutes(1));
    }

    private static void assertRefused(CompletableFuture<String> asked) {
        assertThat(asked).failsWithin(Duration.ofSeconds(10)).withThrowableThat().havingRootCause()
                .isInstanceOfSatisfying(RequestException.class, refusal -> assertThat(refusal.kind()).isEqualTo(Kind.RETRYABLE_CONFLICT));
    }

    @Test
    void eachIsAnsweredAsSoonAsItIsKnownOfItsOwnSession() {
        CompletableFuture<String> one = asked(ONE);
        CompletableFuture<String> two = asked(TWO);
        CompletableFuture<String> other = asked(OTHER);
        assertThat(other).isNotCompleted();
        settlement.looking(Set.of(ONE, TWO));
        assertThat(other).as("no session of the earlier run").isCompletedWithValue("answered");
        assertThat(settlement.isSettled(OTHER)).isTrue();
        settlement.settled(TWO);
        assertThat(two).isCompletedWithValue("answered");
        assertThat(one).isNotCompleted();
        assertThat(settlement.isSettled(ONE)).isFalse();
        settlement.settled(ONE);
        assertThat(one).isCompletedWithValue("answered");
    }

    @Test
    void whoAsksForOneThatALookCouldNotSettleIsRefusedAtOnceUntilItIsLookedAgain() {
        settlement.looking(Set.of(ONE));
        CompletableFuture<String> before = asked(ONE);
        settlement.looked();
        assertRefused(before);
        assertRefused(asked(ONE));
        settlement.looking(Set.of(ONE));
        CompletableFuture<String> again = asked(ONE);
        assertThat(again).isNotCompleted();
        settlement.settled(ONE);
        settlement.looked();
        assertThat(again).isCompletedWithValue("answered");
    }

    @Test
    void ofOneThatHasGoneNothingStays() {
        CompletableFuture<String> late = asked(ONE, Duration.ofMillis(20));
        assertThat(settlement.waiting()).isOne();
        assertRefused(late);
        await().until(() -> settlement.waiting() == 0);
        asked(TWO);
        settlement.looking(Set.of());
        assertThat(settlement.waiting()).isZero();
    }
}
