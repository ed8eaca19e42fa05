package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.agents.AgentConfig;
import dev.agentruntime.agents.Sharing;
import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.InvocationRequest.Purpose;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.SessionProbe;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Usage;
import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import dev.agentruntime.spi.AgentPaths;
import dev.agentruntime.spi.AgentStartException;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import dev.agentruntime.sessions.Quotas;
import dev.agentruntime.sessions.SessionSettings;
import dev.agentruntime.store.SessionRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class SessionsTest extends PlatformTestBase {

    @Test
    void twoCallsOfOneSessionMeetTheSameVm() {
        startReady();
        assertThat(invoke(ID, ALICE).vm()).isEqualTo(invoke(ID, ALICE).vm());
        assertThat(driver.started()).hasSize(1);
    }

    @Test
    void twoSessionsHaveTwoVms() {
        startReady();
        assertThat(invoke(ID, ALICE).vm()).isNotEqualTo(invoke(ID + "-2", ALICE).vm());
    }

    @Test
    void anInvocationKnowsWhereItsAgentTakesIt() {
        AgentConfig hello = hello();
        start(config(new AgentConfig(hello.name(), hello.location(), hello.memoryBytes(), 1, Optional.empty(), Sharing.VERSION,
                new AgentPaths("/start", "/api/orders"), true, List.of())));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        assertThat(invoke(ID, ALICE).path()).isEqualTo("/api/orders");
        assertThat(invoke(ID, ALICE).passesToken()).isTrue();
        assertThat(invoke(ID, ALICE).path()).as("of a session that goes on").isEqualTo("/api/orders");
    }

    @Test
    void aVmBeginsItsSessionBeforeItServes() {
        startReady();
        assertThat(vm(invoke(ID, ALICE).vm()).session()).contains(ID);
    }

    private CompletionStage<Invocation> commanding(String id, Caller caller) {
        return platform.invoke(new InvocationRequest("hello", Optional.of(id), caller).to(Purpose.SYSTEM));
    }

    @Test
    void commandsAreForAdministratorsAndForWhoWasGrantedThem() {
        startReady();
        assertThat(refused(commanding(ID, ALICE))).hasMessageContaining("The attribute commands of <agentRuntime>")
                .extracting(RequestException::kind).isEqualTo(Kind.FORBIDDEN);
        assertThat(driver.started()).as("nothing was begun for it").isEmpty();
        invoke(ID, ALICE);
        assertThat(refused(commanding(ID, ALICE)).kind()).as("in a session of one's own").isEqualTo(Kind.FORBIDDEN);
        assertThat(get(commanding(ID, ALICE.withRight())).sessionId()).isEqualTo(ID);
        assertThat(get(commanding(ID, ADMIN)).sessionId()).isEqualTo(ID);
        assertThat(refused(commanding(ID, BOB.withRight())).kind()).as("in a session of another").isEqualTo(Kind.FORBIDDEN);
    }

    @Test
    void anAgentOpensItsCommandsToWhoeverMayInvokeItOrToNobody() {
        startReady();
        commands("true");
        assertThat(get(commanding(ID, ALICE)).sessionId()).isEqualTo(ID);
        for (String nobody : List.of("false", "yes")) {
            commands(nobody);
            assertThat(refused(commanding(ID, ADMIN))).hasMessage("Agent runtime hello has no commands and no shells: its attribute commands is false");
        }
    }

    private void commands(String word) {
        SessionSettings read = SessionSettings.read(Attributes.of("agentRuntime", Map.of("agent.0.name", "hello", "agent.0.commands", word)));
        platform.update(config(new SessionSettings(config().sessions().limits(), config().sessions().quotas(), read.agents()), hello()));
    }

    @Test
    void whoMayRunCommandsIsReadAndAWrongWordShutsThem() {
        Attributes own = Attributes.of("agentRuntime", Map.of("commands", "true", "agent.0.name", "hello", "agent.0.commands", "yes"));
        SessionSettings read = SessionSettings.read(own);
        assertThat(own.problems()).containsExactly("The attribute commands of <agent hello> is 'yes'. It must be one of true, admin, false."
                + " Until it is corrected nobody may run commands or open shells there.");
        Effective effective = new Effective();
        read.describe(effective);
        assertThat(effective.text()).contains("commands=true", "commands=false");
    }

    @Test
    void anUnknownAgentIsNotFoundForCommandsToo() {
        startReady();
        assertThat(refused(platform.invoke(new InvocationRequest("nobody", Optional.of(ID), ALICE).to(Purpose.SYSTEM))).kind())
                .isEqualTo(Kind.NOT_FOUND);
    }

    @Test
    void aRequestWithoutASessionIdGetsALongEnoughOne() {
        startReady();
        Invocation invocation = get(platform.invoke(new InvocationRequest("hello", Optional.empty(), ALICE)));
        assertThat(invocation.sessionId()).hasSizeGreaterThanOrEqualTo(33).matches("[a-zA-Z0-9][a-zA-Z0-9-_]*");
    }

    @Test
    void fiftyRequestsForANewSessionShareOneStart() {
        startReady();
        driver.failures().hold(FakeDriver.Step.START);
        List<CompletionStage<Invocation>> all = IntStream.range(0, 50).mapToObj(i -> asking(ID, ALICE)).toList();
        driver.failures().release(FakeDriver.Step.START);
        assertThat(all(all)).extracting(Invocation::vm).containsOnly(driver.started().get(0).name());
        assertThat(driver.started()).hasSize(1);
        assertThat(platform.session("hello", ID, ALICE).usage().invocations()).isEqualTo(50);
    }

    @Test
    void aRequestDoesNotWaitOnTheCallersThread() {
        startReady();
        driver.failures().hold(FakeDriver.Step.START);
        assertThat(asking(ID, ALICE).toCompletableFuture()).isNotDone();
    }

    @Test
    void aMalformedSessionIdIsRefused() {
        startReady();
        assertThat(refused(asking("short", ALICE)).kind()).isEqualTo(Kind.VALIDATION);
        assertThat(refused(asking("-".repeat(40), ALICE)).kind()).isEqualTo(Kind.VALIDATION);
        assertThat(refused(asking("a".repeat(257), ALICE)).kind()).isEqualTo(Kind.VALIDATION);
        assertThat(refused(asking("a/".repeat(20), ALICE)).kind()).isEqualTo(Kind.VALIDATION);
    }

    @Test
    void anUnknownRuntimeIsNotFound() {
        startReady();
        assertThat(refused(platform.invoke(new InvocationRequest("nobody", Optional.of(ID), ALICE))).kind())
                .isEqualTo(Kind.NOT_FOUND);
        assertThatThrownBy(() -> platform.sessions("nobody", ALICE)).isInstanceOf(RequestException.class);
    }

    @Test
    void anotherSubjectMayNeitherUseNorSeeNorStopASession() {
        startReady();
        served(ID, ALICE);
        assertThat(refused(asking(ID, BOB)).kind()).isEqualTo(Kind.FORBIDDEN);
        assertThat(refused(asking(ID, ALICE_ELSEWHERE)).kind()).isEqualTo(Kind.FORBIDDEN);
        assertThat(refused(platform.stop("hello", ID, BOB)).kind()).isEqualTo(Kind.FORBIDDEN);
        assertThatThrownBy(() -> platform.session("hello", ID, BOB)).hasMessageContaining("someone else");
        assertThat(platform.sessions("hello", BOB)).isEmpty();
        assertThat(driver.live()).hasSize(1);
    }

    @Test
    void anAdminMayUseASessionThatStaysItsOwners() {
        startReady();
        served(ID, ALICE);
        served(ID, ADMIN);
        get(platform.stop("hello", ID, ADMIN));
        served(ID, ADMIN);
        assertThat(platform.session("hello", ID, ALICE).subject()).isEqualTo(ALICE.subject());
        assertThat(platform.sessions("hello", ADMIN)).hasSize(2);
    }

    @Test
    void anEndedSessionsIdBeginsANewVmForItsOwnerOnly() {
        startReady();
        FakeVm first = served(ID, ALICE);
        get(platform.stop("hello", ID, ALICE));
        assertThat(refused(asking(ID, BOB)).kind()).isEqualTo(Kind.FORBIDDEN);
        assertThat(served(ID, ALICE).name()).isNotEqualTo(first.name());
    }

    @Test
    void stoppingCompletesWhenTheVmIsGone() {
        startReady();
        FakeVm vm = served(ID, ALICE);
        driver.failures().hold(FakeDriver.Step.DESTROY);
        CompletionStage<SessionView> stop = platform.stop("hello", ID, ALICE);
        assertThat(stop.toCompletableFuture()).isNotDone();
        assertThat(refused(asking(ID, ALICE)).kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
        driver.failures().release(FakeDriver.Step.DESTROY);
        assertThat(get(stop).terminationReason()).contains("Stopped by alice.");
        assertThat(vm.isDestroyed()).isTrue();
    }

    @Test
    void stoppingAnEndedSessionChangesNothing() {
        startReady();
        served(ID, ALICE);
        SessionView first = get(platform.stop("hello", ID, ALICE));
        assertThat(get(platform.stop("hello", ID, ALICE)).terminationReason()).isEqualTo(first.terminationReason());
        assertThat(refused(platform.stop("hello", ID + "-2", ALICE)).kind()).isEqualTo(Kind.NOT_FOUND);
    }

    @Test
    void aSessionStoppedWhileItsVmStartsLeavesNothing() {
        startReady();
        driver.failures().hold(FakeDriver.Step.BEGIN);
        CompletionStage<Invocation> asking = asking(ID, ALICE);
        await().until(() -> driver.live().size() == 1);
        CompletionStage<SessionView> stop = platform.stop("hello", ID, ALICE);
        assertThat(refused(asking).kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
        driver.failures().release(FakeDriver.Step.BEGIN);
        get(stop);
        assertThat(driver.live()).isEmpty();
        assertThat(recorder.sessionCpu).hasValue(0);
    }

    @Test
    void aVmThatCannotBeDestroyedIsTriedAgain() {
        startReady();
        served(ID, ALICE);
        driver.failures().next(FakeDriver.Step.DESTROY, new VmException("The file x is left."));
        assertThat(refused(platform.stop("hello", ID, ALICE)).getMessage()).contains("The file x is left.");
        assertThat(driver.live()).hasSize(1);
        pass(Duration.ofSeconds(3));
        await().until(() -> driver.live().isEmpty());
        assertThat(recorder.told).contains("failed destroy");
    }

    @Test
    void anIdleSessionEndsAfterItsTimeout() {
        startReady();
        served(ID, ALICE);
        pass(Duration.ofMinutes(16));
        awaitEnded(ID, "idle timeout");
        assertThat(recorder.told).containsSubsequence(
                "began", "moved PROVISIONING ACTIVE", "started CLONE", "moved ACTIVE IDLE",
                "moved IDLE TERMINATED", "ended IDLE_TIMEOUT");
    }

    @Test
    void aBusySessionLivesThroughTheIdleTimeoutAndEndsAfterItsWork() {
        startReady();
        served(ID, ALICE);
        SessionProbe target = platform.probes().get(0);
        target.report(PingStatus.HEALTHY_BUSY, "said");
        pass(Duration.ofHours(1));
        assertThat(platform.session("hello", ID, ALICE).status()).isEqualTo(SessionView.Status.ACTIVE);
        target.report(PingStatus.HEALTHY, "said");
        pass(Duration.ofMinutes(16));
        awaitEnded(ID, "idle timeout");
    }

    @Test
    void aChangedTimeoutHoldsForSessionsThatRun() {
        startReady();
        served(ID, ALICE);
        SessionSettings sessions = config().sessions();
        platform.update(config(new SessionSettings(sessions.limits(), sessions.quotas(), Map.of("hello",
                new SessionSettings.Overrides(Optional.of(Duration.ofSeconds(20)), Optional.empty(), Optional.empty(), Optional.empty()))), hello()));
        pass(Duration.ofSeconds(21));
        awaitEnded(ID, "Idle for 20s");
    }

    @Test
    void oneSessionsTimeoutIsChangedAndNoOthersIs() {
        startReady();
        String other = ID + "-other";
        served(ID, ALICE);
        served(other, BOB);
        assertThat(platform.session("hello", ID, ALICE).idleTimeout()).hasValue(Duration.ofMinutes(15));
        assertThat(platform.changeIdleTimeout("hello", ID, ALICE, Duration.ofSeconds(20)).idleTimeout()).hasValue(Duration.ofSeconds(20));
        platform.changeIdleTimeout("hello", other, BOB, Duration.ofHours(2));
        assertThat(platform.sessions("hello", ALICE)).singleElement().satisfies(
                session -> assertThat(session.idleTimeout()).hasValue(Duration.ofSeconds(20)));
        assertThat(platform.sessions("hello", ALICE)).allSatisfy(session -> assertThat(session.maxLifetime()).hasValue(Duration.ofHours(8)));
        pass(Duration.ofSeconds(21));
        await().untilAsserted(() -> assertThat(platform.session("hello", ID, ALICE).terminationReason().orElse("lives")).contains("Idle for 20s"));
        assertThat(platform.session("hello", ID, ALICE)).returns(Optional.empty(), SessionView::idleTimeout).returns(Optional.empty(), SessionView::maxLifetime);
        pass(Duration.ofMinutes(16));
        assertThat(platform.session("hello", other, BOB).status()).isEqualTo(SessionView.Status.IDLE);
        pass(Duration.ofHours(2));
        awaitEnded(other, "Idle for 2h");
    }

    @Test
    void aTimeoutIsItsOwnersToChangeWhileTheSessionLives() {
        startReady();
        served(ID, ALICE);
        assertThat(kindOf(() -> platform.changeIdleTimeout("hello", ID, BOB, Duration.ofHours(1)))).isEqualTo(Kind.FORBIDDEN);
        assertThat(platform.changeIdleTimeout("hello", ID, ADMIN, Duration.ofHours(1)).idleTimeout()).hasValue(Duration.ofHours(1));
        assertThat(kindOf(() -> platform.changeIdleTimeout("hello", ID + "-other", ALICE, Duration.ofHours(1)))).isEqualTo(Kind.NOT_FOUND);
        get(platform.stop("hello", ID, ALICE));
        assertThat(kindOf(() -> platform.changeIdleTimeout("hello", ID, ALICE, Duration.ofHours(1)))).isEqualTo(Kind.NOT_FOUND);
    }

    private static Kind kindOf(ThrowingCallable asking) {
        return catchThrowableOfType(RequestException.class, asking).kind();
    }

    @Test
    void aDeadVmEndsItsSessionWithTheReason() {
        startReady();
        FakeVm vm = served(ID, ALICE);
        vm.burn(Duration.ofSeconds(3));
        vm.die("QEMU was killed by signal 9.");
        awaitEnded(ID, "QEMU was killed by signal 9.");
        assertThat(platform.session("hello", ID, ALICE).usage().cpuNanos()).isEqualTo(Duration.ofSeconds(3).toNanos());
        assertThat(recorder.told).contains("failed vm_death", "ended VM_DIED");
    }

    @Test
    void threeFailedPingsEndASession() {
        startReady();
        served(ID, ALICE);
        SessionProbe target = platform.probes().get(0);
        IntStream.range(0, 3).forEach(i -> target.report(PingStatus.FAILED, "said"));
        awaitEnded(ID, "3 pings in a row failed");
        assertThat(platform.probes()).isEmpty();
    }

    @Test
    void startingIsChargedToThePlatformAndWorkToTheSession() {
        startReady();
        Invocation invocation = invoke(ID, ALICE);
        vm(invocation.vm()).burn(Duration.ofSeconds(2));
        invocation.close(Invocation.Outcome.SUCCESS);
        assertThat(platform.session("hello", ID, ALICE).usage().cpuNanos()).isEqualTo(Duration.ofSeconds(2).toNanos());
        get(platform.stop("hello", ID, ALICE));
        // Listeners hear of the end a moment after who asked for it.
        await().untilAsserted(() -> assertThat(recorder.sessionCpu).hasValue(Duration.ofSeconds(2).toNanos()));
        assertThat(recorder.startCpu).hasValue(Duration.ofMillis(350).toNanos());
    }

    @Test
    void memoryIsIntegratedOverTime() {
        startReady();
        FakeVm vm = served(ID, ALICE);
        vm.hold(100);
        platform.session("hello", ID, ALICE);
        clock.advance(Duration.ofSeconds(10));
        Usage usage = platform.session("hello", ID, ALICE).usage();
        assertThat(usage.memoryByteSeconds()).isEqualByComparingTo("1000");
        assertThat(usage.peakMemoryBytes()).isEqualTo(64L << 20);
    }

    @Test
    void onlySoManySessionsAreLetIn() {
        start(config(new SessionSettings(config().sessions().limits(), Quotas.of(2, 100), Map.of()), hello()));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
        served(ID + "-1", ALICE);
        served(ID + "-2", ALICE);
        assertThat(refused(asking(ID + "-3", ALICE)))
                .hasMessageContaining("maxSessions").extracting(RequestException::kind).isEqualTo(Kind.QUOTA);
        get(platform.stop("hello", ID + "-1", ALICE));
        served(ID + "-3", ALICE);
    }

    @Test
    void aPlatformFaultAtTheStartIsThePlatforms() {
        startReady();
        driver.failures().always(FakeDriver.Step.START, () -> new VmException("The disk is gone."));
        assertThat(refused(asking(ID, ALICE))).hasMessageContaining("The disk is gone.")
                .extracting(RequestException::kind).isEqualTo(Kind.PLATFORM);
        awaitEnded(ID, "The disk is gone.");
        assertThat(recorder.told).contains("failed vm_start", "ended START_FAILED");
    }

    @Test
    void aVmThatDoesNotBeginIsNeverUsed() {
        startReady();
        driver.failures().next(FakeDriver.Step.BEGIN, new VmException("The guest did not confirm."));
        assertThat(refused(asking(ID, ALICE)).kind()).isEqualTo(Kind.PLATFORM);
        awaitEnded(ID, "The guest did not confirm.");
        assertThat(recorder.startCpu).hasValue(Duration.ofMillis(300).toNanos());
    }

    @Test
    void anAgentThatDoesNotBootIsTheAgentsFaultAndShowsItsLog() {
        startReady();
        driver.failures().next(FakeDriver.Step.START, new AgentStartException("No entry point.", List.of("line 1")));
        RequestException refusal = refused(asking(ID, ALICE));
        assertThat(refusal.kind()).isEqualTo(Kind.AGENT);
        assertThat(refusal.log()).containsExactly("line 1");
    }

    @Test
    void aSessionThatCannotStartInTimeIsGivenUp() {
        startReady();
        driver.failures().hold(FakeDriver.Step.START);
        CompletionStage<Invocation> asking = asking(ID, ALICE);
        await().until(() -> recorder.told.contains("began"));
        pass(Duration.ofMinutes(6));
        assertThat(refused(asking)).hasMessageContaining("not ready within 5m");
        driver.failures().release(FakeDriver.Step.START);
        awaitEnded(ID, "not ready within 5m");
    }

    @Test
    void anInvocationEndsOnce() {
        startReady();
        Invocation invocation = invoke(ID, ALICE);
        invocation.close(Invocation.Outcome.AGENT_ERROR);
        invocation.close();
        assertThat(recorder.told).contains("invocation AGENT_ERROR").doesNotContain("invocation ABANDONED");
    }

    @Test
    void stoppingTheServerEndsEverySession() {
        startReady();
        served(ID, ALICE);
        invoke(ID + "-2", ALICE);
        platform.close();
        assertThat(driver.live()).isEmpty();
        assertThat(ledger.rows()).extracting(SessionRecord::reasonCode)
                .containsOnly(Optional.of("SERVER_STOPPED"));
        assertThat(ledger.rows()).allMatch(row -> row.closedAt().isPresent());
        assertThat(refused(asking(ID, ALICE)).kind()).isEqualTo(Kind.UNAVAILABLE);
    }
}
