package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.agents.FakeOffers;
import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.InvocationRequest.IfNoneLives;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionOrigin;
import dev.agentruntime.sessions.Quotas;
import dev.agentruntime.sessions.SessionSettings;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whose a session id is, what an invocation is told of its session, and how many one caller may have. */
final class IdsTest extends PlatformTestBase {

    @Test
    void anIdIsNotGivenToAStrangerWhileItsOwnerCannotBeKnown() {
        startReady();
        served(ID, ALICE);
        get(platform.stop("hello", ID, ALICE));
        directory.fail();
        assertThat(refused(asking(ID, BOB))).hasMessageContaining("cannot be found out")
                .extracting(RequestException::kind).isEqualTo(Kind.RETRYABLE_CONFLICT);
        assertThat(refused(asking(ID, ALICE)).kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
        directory.work();
        assertThat(refused(asking(ID, BOB)).kind()).isEqualTo(Kind.FORBIDDEN);
        assertThat(invoke(ID, ALICE).origin()).isEqualTo(SessionOrigin.RENEWED);
    }

    @Test
    void nothingBeginsBeforeTheOwnerIsKnown() {
        startReady();
        directory.hang();
        CompletionStage<Invocation> asking = asking(ID, ALICE);
        assertThat(asking.toCompletableFuture()).isNotDone();
        assertThat(driver.started()).isEmpty();
        directory.work();
        assertThat(get(asking).origin()).isEqualTo(SessionOrigin.NEW);
    }

    @Test
    void aSessionThatRunsNeedsNoDirectory() {
        startReady();
        FakeVm vm = served(ID, ALICE);
        directory.fail();
        assertThat(invoke(ID, ALICE).vm()).isEqualTo(vm.name());
    }

    @Test
    void aGeneratedIdBeginsAtOnceAndIsRemembered() {
        startReady();
        directory.hang();
        Invocation invocation = get(platform.invoke(new InvocationRequest("hello", Optional.empty(), ALICE)));
        assertThat(invocation.origin()).isEqualTo(SessionOrigin.NEW);
        assertThat(directory.owner("hello", invocation.sessionId())).hasValue(ALICE.subject());
    }

    @Test
    void anInvocationIsToldWhetherItsSessionWasThere() {
        startReady();
        assertThat(invoke(ID, ALICE).origin()).isEqualTo(SessionOrigin.NEW);
        Invocation second = invoke(ID, ALICE);
        assertThat(second.origin()).isEqualTo(SessionOrigin.CONTINUED);
        vm(second.vm()).die("killed");
        awaitEnded(ID, "killed");
        await().until(() -> ledger.rows().stream().allMatch(row -> row.closedAt().isPresent()));
        assertThat(invoke(ID, ALICE).origin()).isEqualTo(SessionOrigin.RENEWED);
    }

    @Test
    void whatGoesOnWithASessionOnlyBeginsNone() {
        startReady();
        assertThat(refused(goingOn(ID)).kind()).as("one that never was").isEqualTo(Kind.NOT_FOUND);
        assertThat(driver.live()).isEmpty();
        assertThat(invoke(ID, ALICE).origin()).as("an id that was only asked for").isEqualTo(SessionOrigin.NEW);
        assertThat(get(goingOn(ID)).origin()).isEqualTo(SessionOrigin.CONTINUED);
        get(platform.stop("hello", ID, ALICE));
        assertThat(refused(goingOn(ID)).kind()).as("one that has ended").isEqualTo(Kind.NOT_FOUND);
        assertThat(driver.live()).isEmpty();
        assertThat(invoke(ID, ALICE).origin()).isEqualTo(SessionOrigin.RENEWED);
        assertThat(get(goingOn(ID)).origin()).isEqualTo(SessionOrigin.CONTINUED);
    }

    private CompletionStage<Invocation> goingOn(String id) {
        return platform.invoke(new InvocationRequest("hello", Optional.of(id), ALICE, IfNoneLives.REFUSE));
    }

    @Test
    void anIdBelongsToOneAgentRuntimeOnly() throws Exception {
        start(config(hello(), agent("other", war("other.war", "other"))));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        awaitStatus("other", AgentRuntimeView.Status.READY);
        served(ID, ALICE);
        assertThat(get(platform.invoke(new InvocationRequest("other", Optional.of(ID), BOB))).origin()).isEqualTo(SessionOrigin.NEW);
    }

    @Test
    void oneCallerHasSoManySessionsAndLeavesTheRestToOthers() {
        start(config(new SessionSettings(config().sessions().limits(), Quotas.of(3, 2), Map.of()), hello()));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        served(ID + "-1", ALICE);
        served(ID + "-2", ALICE);
        assertThat(refused(asking(ID + "-3", ALICE))).hasMessageContaining("maxSessionsPerSubject")
                .extracting(RequestException::kind).isEqualTo(Kind.QUOTA);
        assertThat(refused(platform.invoke(new InvocationRequest("hello", Optional.empty(), ALICE))).kind()).isEqualTo(Kind.QUOTA);
        served(ID + "-4", BOB);
        get(platform.stop("hello", ID + "-1", ALICE));
        Invocation third = invoke(ID + "-3", ALICE);
        third.close(Invocation.Outcome.SUCCESS);
        assertThat(third.origin()).as("an id whose session was refused").isEqualTo(SessionOrigin.NEW);
    }

    @Test
    void anIdWhoseSessionIsRefusedHasNoOwner() {
        start(config(new SessionSettings(config().sessions().limits(), Quotas.of(3, 1), Map.of()), hello()));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        served(ID + "-1", ALICE);
        assertThat(refused(asking(ID + "-2", ALICE)).kind()).isEqualTo(Kind.QUOTA);
        served(ID + "-2", BOB);
    }

    @Test
    void anAdminIsBoundedToo() {
        start(config(new SessionSettings(config().sessions().limits(), Quotas.of(3, 1), Map.of()), hello()));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        served(ID + "-1", ADMIN);
        assertThat(refused(asking(ID + "-2", ADMIN)).kind()).isEqualTo(Kind.QUOTA);
    }

    @Test
    void oneAgentHasSoManySessionsAndLeavesTheRestToOthers() throws Exception {
        Quotas quotas = new Quotas(9, 9, Optional.of(2), Optional.empty(), Optional.empty(), Optional.empty());
        start(config(new SessionSettings(config().sessions().limits(), quotas, Map.of("other", new SessionSettings.Overrides(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(1)))), hello(), agent("other", war("other.war", "other"))));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        awaitStatus("other", AgentRuntimeView.Status.READY);
        served(ID + "-1", ALICE);
        served(ID + "-2", BOB);
        assertThat(refused(asking(ID + "-3", ALICE))).hasMessageContaining("maxSessionsPerAgent")
                .extracting(RequestException::kind).isEqualTo(Kind.QUOTA);
        get(platform.invoke(new InvocationRequest("other", Optional.of(ID + "-4"), ALICE))).close(Invocation.Outcome.SUCCESS);
        assertThat(refused(platform.invoke(new InvocationRequest("other", Optional.of(ID + "-5"), BOB)))).hasMessageContaining("of its <agent>")
                .extracting(RequestException::kind).isEqualTo(Kind.QUOTA);
        get(platform.stop("hello", ID + "-1", ALICE));
        served(ID + "-3", ALICE);
    }

    private static Quotas ofOneAgent(int sessions) {
        return new Quotas(99, 99, Optional.of(sessions), Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    void thePlaceOfASessionThatDoesNotBeginIsFreeAgain() {
        start(config(new SessionSettings(config().sessions().limits(), ofOneAgent(1), Map.of()), hello()));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        driver.failures().always(FakeDriver.Step.START, () -> new VmException("The disk is gone."));
        for (int i = 0; i < 3; i++) {
            String id = ID + "-" + i;
            await().untilAsserted(() -> assertThat(refused(asking(id, ALICE))).hasMessageContaining("The disk is gone."));
        }
        driver.failures().heal(FakeDriver.Step.START);
        await().ignoreExceptions().untilAsserted(() -> served(ID + "-3", ALICE));
        assertThat(refused(asking(ID + "-4", BOB)).kind()).isEqualTo(Kind.QUOTA);
    }

    @Test
    void manyWhoComeAtOnceGetNoMorePlacesThanThereAre() {
        start(config(new SessionSettings(config().sessions().limits(), ofOneAgent(5), Map.of()), hello()));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        List<CompletableFuture<Invocation>> all = IntStream.range(0, 60).parallel()
                .mapToObj(i -> asking(ID + "-" + i, i % 2 == 0 ? ALICE : BOB).toCompletableFuture()).toList();
        await().until(() -> all.stream().allMatch(CompletableFuture::isDone));
        assertThat(all.stream().filter(one -> !one.isCompletedExceptionally())).hasSize(5);
        assertThat(all.stream().filter(CompletableFuture::isCompletedExceptionally)).allSatisfy(
                one -> assertThat(refused(one).kind()).isEqualTo(Kind.QUOTA));
        assertThat(driver.live()).hasSize(5);
    }

    /** Two requests of one session that come at once: the second finds none yet, and then the last place taken, by its own session. */
    @ParameterizedTest
    @MethodSource("ofOnePlace")
    void aRequestWhoseSessionTakesTheLastPlaceMeanwhileHasThatSession(Quotas quotas) {
        FakeOffers room = new FakeOffers();
        offers = List.of(room);
        start(config(new SessionSettings(config().sessions().limits(), quotas, Map.of()), hello()));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        clock.advance(Duration.ofSeconds(1));
        room.afterTheNextQuestion(() -> served(ID, ALICE));
        assertThat(invoke(ID, ALICE).origin()).isEqualTo(SessionOrigin.CONTINUED);
        assertThat(driver.started()).hasSize(1);
        room.afterTheNextQuestion(() -> assertThat(refused(asking(ID + "-2", BOB)).kind()).isIn(Kind.QUOTA, Kind.THROTTLED));
        assertThat(refused(asking(ID + "-2", BOB)).kind()).as("a session that has not begun").isIn(Kind.QUOTA, Kind.THROTTLED);
    }

    static List<Quotas> ofOnePlace() {
        return List.of(Quotas.of(1, 1), ofOneAgent(1), new Quotas(9, 9, Optional.empty(), Optional.of(1), Optional.empty(), Optional.empty()));
    }

    @Test
    void aStrangerWhoseIdTakesTheLastPlaceMeanwhileIsToldThatItIsAnothers() {
        FakeOffers room = new FakeOffers();
        offers = List.of(room);
        start(config(new SessionSettings(config().sessions().limits(), Quotas.of(1, 1), Map.of()), hello()));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        room.afterTheNextQuestion(() -> served(ID, ALICE));
        assertThat(refused(asking(ID, BOB)).kind()).isEqualTo(Kind.FORBIDDEN);
    }

    @Test
    void soManySessionsBeginInASecondAndThoseThatLiveGoOn() {
        Quotas quotas = new Quotas(9, 9, Optional.empty(), Optional.of(2), Optional.empty(), Optional.empty());
        start(config(new SessionSettings(config().sessions().limits(), quotas, Map.of()), hello()));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        clock.advance(Duration.ofSeconds(1));
        served(ID + "-1", ALICE);
        served(ID + "-2", ALICE);
        RequestException refused = refused(asking(ID + "-3", ALICE));
        assertThat(refused).hasMessageContaining("newSessionsPerSecond").extracting(RequestException::kind).isEqualTo(Kind.THROTTLED);
        assertThat(refused.retryAfter()).hasValue(Duration.ofMillis(500));
        served(ID + "-1", ALICE);
        clock.advance(Duration.ofMillis(500));
        served(ID + "-3", ALICE);
    }

    @Test
    void soManyRequestsOfOneCallerAreTakenInASecond() {
        Quotas quotas = new Quotas(9, 9, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(2));
        start(config(new SessionSettings(config().sessions().limits(), quotas, Map.of()), hello()));
        platform.count(ALICE);
        platform.count(ALICE);
        assertThatThrownBy(() -> platform.count(ALICE)).isInstanceOfSatisfying(RequestException.class,
                refused -> assertThat(refused.kind()).isEqualTo(Kind.THROTTLED));
        platform.count(BOB);
        clock.advance(Duration.ofSeconds(1));
        platform.count(ALICE);
    }
}
