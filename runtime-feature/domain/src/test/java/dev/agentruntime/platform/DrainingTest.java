package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.ServerStage;
import dev.agentruntime.api.SessionProbe;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.sessions.Commands;
import dev.agentruntime.sessions.OnStop;
import dev.agentruntime.sessions.SessionSettings;
import dev.agentruntime.sessions.Stopping;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server stops, and what is under way has a while for its end. */
@Timeout(60)
final class DrainingTest extends PlatformTestBase {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);

    @Test
    void aRequestUnderWayComesToItsEndAndTheStopGoesOnAtOnce() {
        startReady(OnStop.END, LONG);
        Invocation invocation = invoke(ID, ALICE);
        CompletableFuture<Void> stop = stopping();
        assertThat(stop).isNotDone();
        assertThat(vm(invocation.vm()).isDestroyed()).isFalse();
        invocation.close(Invocation.Outcome.SUCCESS);
        assertThat(stop).succeedsWithin(Duration.ofSeconds(10));
        assertThat(driver.live()).isEmpty();
        assertThat(invocation.session().terminationReason()).hasValue("The server was stopped.");
    }

    @Test
    void nothingNewBeginsWhileTheServerStops() {
        startReady(OnStop.KEEP, LONG);
        served(ID + "-2", ALICE);
        Invocation invocation = invoke(ID, ALICE);
        CompletableFuture<Void> stop = stopping();
        assertThat(refused(asking(ID + "-3", ALICE)).kind()).as("a new session").isEqualTo(Kind.UNAVAILABLE);
        assertThat(refused(asking(ID + "-2", ALICE)).kind()).as("one that rests").isEqualTo(Kind.UNAVAILABLE);
        assertThat(refused(asking(ID, ALICE))).as("one that works").satisfies(refusal -> {
            assertThat(refusal.kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(refusal).hasMessage("The server is being stopped and takes no more requests. Ask again in a moment: another server may"
                    + " answer, or this one when it has started again.");
        });
        assertThat(refused(platform.invoke(new InvocationRequest("hello", Optional.empty(), ALICE))).kind())
                .as("without a name").isEqualTo(Kind.UNAVAILABLE);
        assertThat(platform.session("hello", ID, ALICE).status()).as("but it is shown").isEqualTo(SessionView.Status.ACTIVE);
        assertThat(get(platform.stop("hello", ID + "-2", ALICE)).status()).as("and can be ended").isEqualTo(SessionView.Status.TERMINATED);
        invocation.close();
        assertThat(stop).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void healthChecksHearOfTheStopFromItsFirstMomentOn() {
        startReady(OnStop.KEEP, LONG);
        assertThat(platform.status().stage()).isEqualTo(ServerStage.RUNNING);
        Invocation invocation = invoke(ID, ALICE);
        CompletableFuture<Void> stop = stopping();
        invocation.close();
        assertThat(stop).succeedsWithin(Duration.ofSeconds(10));
        assertThat(platform.status().stage()).isEqualTo(ServerStage.STOPPING);
    }

    @Test
    void aRequestThatHangsIsBrokenOffWhenItsTimeIsUp() {
        startReady(OnStop.END, SHORT);
        Invocation hanging = invoke(ID, ALICE);
        long begun = System.nanoTime();
        platform.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(SHORT);
        assertThat(driver.live()).isEmpty();
        assertThat(hanging.session().terminationReason()).hasValue("The server was stopped.");
    }

    @Test
    void aSessionThatIsKeptIsLeftOnceItsTimeIsUp() {
        startReady(OnStop.KEEP, SHORT);
        FakeVm vm = vm(invoke(ID, ALICE).vm());
        platform.close();
        assertThat(driver.left()).containsExactly(vm);
        assertThat(vm.isDestroyed()).isFalse();
    }

    @Test
    void aSessionThatStartsServesTheRequestItWasBegunFor() {
        startReady(OnStop.KEEP, LONG);
        driver.failures().hold(FakeDriver.Step.BEGIN);
        CompletionStage<Invocation> asking = asking(ID, ALICE);
        await().until(() -> driver.live().size() == 1);
        CompletableFuture<Void> stop = stopping();
        driver.failures().release(FakeDriver.Step.BEGIN);
        Invocation invocation = get(asking);
        assertThat(stop).isNotDone();
        invocation.close();
        assertThat(stop).succeedsWithin(Duration.ofSeconds(10));
        assertThat(driver.left()).hasSize(1);
    }

    @Test
    void aRequestThatWaitsForAVmAtRestIsServed() {
        startReady(OnStop.KEEP, LONG);
        resting(ID);
        driver.failures().hold(FakeDriver.Step.RESUME);
        CompletionStage<Invocation> asking = asking(ID, ALICE);
        CompletableFuture<Void> stop = stopping();
        driver.failures().release(FakeDriver.Step.RESUME);
        get(asking).close();
        assertThat(stop).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void workOfItsOwnHoldsUpTheStopOnlyWhereItsVmEnds() {
        startReady(OnStop.END, LONG);
        busy();
        CompletableFuture<Void> stop = stopping();
        assertThat(stop).isNotDone();
        pinged(PingStatus.HEALTHY);
        assertThat(stop).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void workOfItsOwnGoesOnInAVmThatIsKept() {
        startReady(OnStop.KEEP, LONG);
        busy();
        assertThat(CompletableFuture.runAsync(platform::close, pools.get(0))).succeedsWithin(Duration.ofSeconds(10));
        assertThat(driver.left()).hasSize(1);
    }

    @Test
    void aVmThatDiesMeanwhileIsWaitedForNoLonger() {
        startReady(OnStop.KEEP, LONG);
        FakeVm vm = vm(invoke(ID, ALICE).vm());
        CompletableFuture<Void> stop = stopping();
        vm.die("killed.");
        assertThat(stop).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void sessionsAreLookedAfterWhileOthersAreWaitedFor() {
        startReady(OnStop.END, LONG);
        served(ID + "-2", ALICE);
        Invocation invocation = invoke(ID, ALICE);
        CompletableFuture<Void> stop = stopping();
        pass(Duration.ofMinutes(16));
        await().until(() -> platform.session("hello", ID + "-2", ALICE).status() == SessionView.Status.TERMINATED);
        assertThat(platform.session("hello", ID + "-2", ALICE).terminationReason()).hasValueSatisfying(why -> assertThat(why).contains("Idle for"));
        invocation.close();
        assertThat(stop).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void whoIsInterruptedWaitsNoLonger() throws Exception {
        startReady(OnStop.END, LONG);
        invoke(ID, ALICE);
        Thread stop = new Thread(platform::close);
        stop.start();
        await().until(() -> platform.status().stage() == ServerStage.STOPPING);
        stop.interrupt();
        stop.join(10_000);
        assertThat(stop.isAlive()).isFalse();
        await().until(() -> driver.live().isEmpty());
    }

    /** The stop, once it waits. */
    private CompletableFuture<Void> stopping() {
        CompletableFuture<Void> stop = CompletableFuture.runAsync(platform::close, pools.get(0));
        await().until(() -> platform.status().stage() == ServerStage.STOPPING);
        await().until(() -> refused(asking(ID + "-late", BOB)).kind() == Kind.UNAVAILABLE);
        return stop;
    }

    private void startReady(OnStop onStop, Duration grace) {
        SessionSettings usual = config().sessions();
        start(config(new SessionSettings(usual.limits(), usual.quotas(), Commands.ENTITLED, SessionSettings.USUAL_DISK, Map.of(), new Stopping(onStop, grace, Duration.ZERO)), hello()));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
    }

    private void busy() {
        served(ID, ALICE);
        pinged(PingStatus.HEALTHY_BUSY);
        assertThat(platform.session("hello", ID, ALICE).status()).isEqualTo(SessionView.Status.ACTIVE);
    }

    private void pinged(PingStatus status) {
        SessionProbe probe = platform.probes().get(0);
        probe.ask(Duration.ofSeconds(1));
        probe.report(status, status.name());
    }
}
