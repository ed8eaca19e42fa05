package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionOrigin;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Whose a session id is, while the database that knows it is slow or away. */
final class OwnershipTest extends PlatformTestBase {

    @Test
    void whileTheDatabaseIsAwayAStrangerIsToldToAskAgainAndTheOwnerHasItsIdAfterwards() {
        startReady();
        served(ID, ALICE);
        get(platform.stop("hello", ID, ALICE));
        directory.fail();
        assertThat(refused(asking(ID, BOB)).kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
        assertThat(refused(asking(ID, ALICE)).kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
        directory.work();
        assertThat(refused(asking(ID, BOB)).kind()).isEqualTo(Kind.FORBIDDEN);
        assertThat(origin(invoke(ID, ALICE))).isEqualTo(SessionOrigin.RENEWED);
    }

    @Test
    void aSlowDatabaseGivesAnIdToNobodyBeforeItHasAnswered() {
        startReady();
        served(ID, ALICE);
        get(platform.stop("hello", ID, ALICE));
        directory.hang();
        CompletionStage<Invocation> stranger = asking(ID, BOB);
        assertThat(stranger.toCompletableFuture()).isNotDone();
        directory.work();
        assertThat(refused(stranger).kind()).isEqualTo(Kind.FORBIDDEN);
        assertThat(driver.live()).isEmpty();
    }

    @Test
    void aCallerIsToldOnNoThreadOfTheDatabases() {
        startReady();
        served(ID, ALICE);
        get(platform.stop("hello", ID, ALICE));
        directory.hang();
        CompletableFuture<Thread> told = new CompletableFuture<>();
        asking(ID, BOB).whenComplete((invocation, failure) -> told.complete(Thread.currentThread()));
        directory.work();
        assertThat(get(told)).isNotSameAs(Thread.currentThread());
    }

    @Test
    void aCallerWhoseClaimComesWhenTheThreadsAreGoneIsAnsweredAllTheSame() {
        startReady();
        directory.hang();
        CompletionStage<Invocation> waiting = asking(ID, ALICE);
        pools.get(0).shutdownNow();
        directory.work();
        assertThat(waiting.toCompletableFuture()).failsWithin(Duration.ofSeconds(5));
    }

    @Test
    void sessionsThatRunAndThoseWithoutAChosenIdNeedNoDatabase() {
        startReady();
        served(ID, ALICE);
        directory.hang();
        ledger.hang();
        served(ID, ALICE);
        Invocation drawn = get(platform.invoke(new InvocationRequest("hello", Optional.empty(), ALICE)));
        assertThat(origin(drawn)).isEqualTo(SessionOrigin.NEW);
        assertThat(directory.owner("hello", drawn.sessionId())).contains(ALICE.subject());
        assertThat(refused(asking(drawn.sessionId(), BOB)).kind()).isEqualTo(Kind.FORBIDDEN);
        ledger.work();
        directory.work();
    }

    @Test
    void anIdIsItsFirstOwnersEvenWhenAnAdminBeginsItAnew() {
        startReady();
        served(ID, ALICE);
        get(platform.stop("hello", ID, ALICE));
        served(ID, ADMIN);
        assertThat(platform.session("hello", ID, ALICE).subject()).isEqualTo(ALICE.subject());
    }

    private static SessionOrigin origin(Invocation invocation) {
        invocation.close(Invocation.Outcome.SUCCESS);
        return invocation.origin();
    }
}
