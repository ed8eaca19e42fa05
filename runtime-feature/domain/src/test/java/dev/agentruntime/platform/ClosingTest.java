package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.PlatformListener;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.spi.fake.FakeDriver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server stops while sessions are at all kinds of work. */
final class ClosingTest extends PlatformTestBase {

    @Test
    @Timeout(20)
    void requestsThatHangHoldNoStopUp() {
        startReady();
        List<Invocation> hanging = IntStream.range(0, 26).mapToObj(i -> invoke(ID + "-" + i, ALICE)).toList();
        platform.close();
        assertThat(driver.live()).isEmpty();
        assertThat(hanging).allSatisfy(invocation ->
                assertThat(invocation.session().terminationReason()).hasValue("The server was stopped."));
        assertThat(ledger.rows()).hasSize(26).allMatch(row -> row.closedAt().isPresent());
    }

    @Test
    void aRequestThatWaitsForItsIdsOwnerBeginsNothingAfterwards() {
        startReady();
        directory.hang();
        CompletionStage<Invocation> asking = asking(ID, ALICE);
        platform.close();
        directory.work();
        assertThat(refused(asking).kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(driver.started()).isEmpty();
        assertThat(ledger.rows()).isEmpty();
    }

    @Test
    void sessionsThatStartArePartOfTheStop() {
        startReady();
        driver.failures().hold(FakeDriver.Step.BEGIN);
        CompletionStage<Invocation> asking = asking(ID, ALICE);
        await().until(() -> driver.live().size() == 1);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(platform::close);
        assertThat(refused(asking).kind()).isEqualTo(Kind.UNAVAILABLE);
        driver.failures().release(FakeDriver.Step.BEGIN);
        await().until(closing::isDone);
        assertThat(driver.live()).isEmpty();
        assertThat(ledger.rows()).allMatch(row -> row.closedAt().isPresent());
    }

    @Test
    void ownersThatAreNotWrittenYetAreWrittenWhileTheVmsEnd() {
        startReady();
        served(ID, ALICE);
        driver.failures().hold(FakeDriver.Step.DESTROY);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(platform::close, pools.get(0));
        await().until(directory::isClosed);
        assertThat(closing).isNotDone();
        driver.failures().release(FakeDriver.Step.DESTROY);
        assertThat(closing).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void whoStopsThePlatformASecondTimeWaitsForTheFirst() {
        startReady();
        served(ID, ALICE);
        driver.failures().hold(FakeDriver.Step.DESTROY);
        CompletableFuture<Void> first = CompletableFuture.runAsync(platform::close, pools.get(0));
        await().until(() -> platform.probes().isEmpty());
        CompletableFuture<Void> second = CompletableFuture.runAsync(platform::close, pools.get(0));
        await().during(Duration.ofMillis(300)).until(() -> !second.isDone());
        driver.failures().release(FakeDriver.Step.DESTROY);
        assertThat(CompletableFuture.allOf(first, second)).succeedsWithin(Duration.ofSeconds(10));
        assertThat(driver.live()).isEmpty();
    }

    @Test
    void pausedSessionsArePartOfTheStop() {
        startReady();
        resting(ID);
        platform.close();
        assertThat(driver.live()).isEmpty();
        assertThat(ledger.rows()).allMatch(row -> row.closedAt().isPresent());
    }

    @Test
    void aPartThatBreaksAtATickKeepsNothingElseFromItsTurn() {
        startReady();
        served(ID, ALICE);
        platform.listen(new PlatformListener() {
            @Override
            public void sessionMoved(String runtime, SessionView.Status from,
                    SessionView.Status to) {
                throw new StackOverflowError("A listener with an error.");
            }
        });
        pass(Duration.ofMinutes(16));
        awaitEnded(ID, "idle timeout");
    }
}
