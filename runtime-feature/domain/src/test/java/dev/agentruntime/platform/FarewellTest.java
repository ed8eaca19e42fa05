package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.EndCode;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.SessionProbe;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.sessions.Commands;
import dev.agentruntime.sessions.OnStop;
import dev.agentruntime.sessions.SessionSettings;
import dev.agentruntime.sessions.Stopping;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.SessionFacts;
import dev.agentruntime.spi.SessionGuest;
import dev.agentruntime.spi.SessionPart;
import dev.agentruntime.spi.SessionRoom;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A session ends, and its agent hears of it. */
final class FarewellTest extends PlatformTestBase {

    private static final Duration GRACE = Duration.ofSeconds(7);

    private final List<String> happened = new CopyOnWriteArrayList<>();

    @Test
    void anAgentWhoseSessionIsStoppedIsToldOnceAndGivenItsTime() {
        startReady(GRACE);
        FakeVm vm = served(ID, ALICE);
        assertThat(get(platform.stop("hello", ID, ALICE)).status()).isEqualTo(SessionView.Status.TERMINATED);
        assertThat(vm.farewells()).containsExactly(GRACE);
        assertThat(vm.isDestroyed()).isTrue();
    }

    @Test
    void aPausedOneGoesOnForIt() {
        startReady(GRACE);
        FakeVm vm = resting(ID);
        pass(Duration.ofMinutes(16));
        awaitEnded(ID, "Idle for");
        assertThat(vm.farewells()).containsExactly(GRACE);
    }

    @Test
    void soAreThoseThatAreTooOldAndThoseThatEndWithTheServer() {
        startReady(GRACE);
        FakeVm old = vm(invoke(ID, ALICE).vm());
        pass(Duration.ofHours(9));
        awaitEnded(ID, "maximum lifetime");
        FakeVm other = served(ID + "-2", ALICE);
        platform.close();
        assertThat(old.farewells()).hasSize(1);
        assertThat(other.farewells()).hasSize(1);
    }

    @Test
    void anAgentThatFailsItsPingsMayStillHear() {
        startReady(GRACE);
        FakeVm vm = served(ID, ALICE);
        for (int i = 0; i < 3; i++) {
            SessionProbe probe = platform.probes().get(0);
            probe.ask(Duration.ofSeconds(1));
            probe.report(PingStatus.FAILED, "500");
        }
        awaitEnded(ID, "3 pings in a row failed");
        assertThat(vm.farewells()).hasSize(1);
    }

    @Test
    void whoeverHasDiedIsToldNothing() {
        startReady(GRACE);
        FakeVm vm = served(ID, ALICE);
        vm.die("killed.");
        awaitEnded(ID, "killed.");
        assertThat(vm.farewells()).isEmpty();
    }

    @Test
    void whoeverHasUsedUpABudgetUsesNothingMore() {
        List<SessionGuest> guests = new CopyOnWriteArrayList<>();
        startReady(GRACE, new Room(guests));
        FakeVm vm = served(ID, ALICE);
        guests.get(0).endForBudget("The budget is used up.");
        awaitEnded(ID, "The budget is used up.");
        assertThat(vm.farewells()).isEmpty();
    }

    @Test
    void whoeverHasNeverServedIsToldNothing() {
        startReady(GRACE);
        driver.failures().hold(FakeDriver.Step.BEGIN);
        CompletionStage<?> asking = asking(ID, ALICE);
        await().until(() -> driver.live().size() == 1);
        CompletionStage<SessionView> stop = platform.stop("hello", ID, ALICE);
        driver.failures().release(FakeDriver.Step.BEGIN);
        get(stop);
        refused(asking);
        assertThat(driver.started()).allSatisfy(vm -> assertThat(vm.farewells()).isEmpty());
    }

    @Test
    void aFarewellThatFailsKeepsNoVmFromItsEnd() {
        startReady(GRACE);
        driver.failures().next(FakeDriver.Step.FAREWELL, new VmException("The WAR did not stop within 7 s."));
        FakeVm vm = served(ID, ALICE);
        get(platform.stop("hello", ID, ALICE));
        assertThat(vm.isDestroyed()).isTrue();
        assertThat(vm.farewells()).isEmpty();
    }

    @Test
    void anEndThatIsTriedAgainSaysItNotAgain() {
        startReady(GRACE);
        FakeVm vm = served(ID, ALICE);
        driver.failures().next(FakeDriver.Step.DESTROY, new HypervisorAwayException("libvirtd does not answer."));
        CompletionStage<SessionView> stop = platform.stop("hello", ID, ALICE);
        await().until(() -> {
            pass(Duration.ofSeconds(1));
            return stop.toCompletableFuture().isDone();
        });
        get(stop);
        assertThat(vm.farewells()).hasSize(1);
    }

    @Test
    void itsRoomsAreThereUntilItHasSaidItsLastWord() {
        startReady(GRACE, new Room(new CopyOnWriteArrayList<>()));
        FakeVm vm = served(ID, ALICE);
        driver.failures().hold(FakeDriver.Step.FAREWELL);
        CompletionStage<SessionView> stop = platform.stop("hello", ID, ALICE);
        await().during(Duration.ofMillis(200)).until(happened::isEmpty);
        driver.failures().release(FakeDriver.Step.FAREWELL);
        get(stop);
        assertThat(happened).containsExactly("ending", "closed");
        assertThat(vm.farewells()).hasSize(1);
    }

    @Test
    void oneThatTakesItsTimeHoldsUpNobodyElse() {
        startReady(GRACE);
        served(ID, ALICE);
        served(ID + "-2", ALICE);
        driver.failures().hold(FakeDriver.Step.FAREWELL);
        CompletionStage<SessionView> stop = platform.stop("hello", ID, ALICE);
        assertThat(invoke(ID + "-2", ALICE).sessionId()).isEqualTo(ID + "-2");
        assertThat(platform.session("hello", ID, ALICE).status()).isEqualTo(SessionView.Status.TERMINATED);
        driver.failures().release(FakeDriver.Step.FAREWELL);
        get(stop);
    }

    @Test
    void withoutGraceNothingIsSaid() {
        startReady(Duration.ZERO);
        FakeVm vm = served(ID, ALICE);
        get(platform.stop("hello", ID, ALICE));
        assertThat(vm.farewells()).isEmpty();
        platform.update(configured(GRACE));
        FakeVm next = served(ID, ALICE);
        get(platform.stop("hello", ID, ALICE));
        assertThat(next.farewells()).as("a changed setting takes effect at once").containsExactly(GRACE);
    }

    private void startReady(Duration grace, SessionRoom... rooms) {
        start(configured(grace), () -> List.of(rooms));
        awaitStatus("hello", AgentRuntimeView.Status.READY);
    }

    private PlatformConfig configured(Duration grace) {
        SessionSettings usual = config().sessions();
        return config(new SessionSettings(usual.limits(), usual.quotas(), Commands.ENTITLED, SessionSettings.USUAL_DISK, Map.of(),
                new Stopping(OnStop.END, Duration.ZERO, grace)), hello());
    }

    /** Sees a session's end. */
    private final class Room implements SessionRoom {
        private final List<SessionGuest> guests;

        Room(List<SessionGuest> guests) {
            this.guests = guests;
        }

        @Override
        public String name() {
            return "witness";
        }

        @Override
        public SessionPart join(SessionFacts session) {
            return new SessionPart() {
                @Override
                public void begun(SessionGuest guest) {
                    guests.add(guest);
                }

                @Override
                public void ending(EndCode code, String why) {
                    happened.add("ending");
                }

                @Override
                public void close() {
                    happened.add("closed");
                }
            };
        }
    }
}
