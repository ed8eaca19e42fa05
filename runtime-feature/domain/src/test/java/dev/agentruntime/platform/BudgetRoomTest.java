package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.BudgetNews;
import dev.agentruntime.api.BudgetNews.Level;
import dev.agentruntime.api.BudgetNews.Measure;
import dev.agentruntime.api.BudgetNews.Per;
import dev.agentruntime.api.EndCode;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Target;
import dev.agentruntime.spi.SessionFacts;
import dev.agentruntime.spi.SessionGuest;
import dev.agentruntime.spi.SessionPart;
import dev.agentruntime.spi.SessionRoom;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** What a room can do that holds sessions to budgets. */
final class BudgetRoomTest extends PlatformTestBase {

    private static final String WHY = "Session hello/x may use 10s of CPU and has used 10s of CPU: its budget is reached.";

    private final List<SessionGuest> guests = new CopyOnWriteArrayList<>();
    private final List<Consumer<BudgetNews>> listeners = new CopyOnWriteArrayList<>();
    private final List<Boolean> stoodStill = new CopyOnWriteArrayList<>();
    private final List<Optional<Subject>> asked = new CopyOnWriteArrayList<>();
    private volatile Optional<RequestException> refusal = Optional.empty();

    private final SessionRoom room = new SessionRoom() {
        @Override
        public String name() {
            return "budgets";
        }

        @Override
        public void admit(String runtime, Optional<Subject> owner) {
            asked.add(owner);
            refusal.ifPresent(why -> {
                throw why;
            });
        }

        @Override
        public SessionPart join(SessionFacts session) {
            return new SessionPart() {
                @Override
                public void onBudget(Consumer<BudgetNews> told) {
                    listeners.add(told);
                }

                @Override
                public void begun(SessionGuest guest) {
                    guests.add(guest);
                }

                @Override
                public boolean takesStreams() {
                    return false;
                }

                @Override
                public void ending(EndCode code, String why) {
                    stoodStill.add(guests.get(guests.size() - 1).isPaused());
                }

                @Override
                public void close() {}
            };
        }
    };

    private void startWithRoom() {
        startReady(() -> List.of(room));
    }

    @Test
    void noSessionBeginsThatTheRoomRefusesAndItsIdGetsNoOwner() {
        refusal = Optional.of(new RequestException(Kind.QUOTA, "The day's budget is used up."));
        startWithRoom();
        assertThat(refused(asking(ID, ALICE))).satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.QUOTA)).hasMessage("The day's budget is used up.");
        assertThat(directory.owner("hello", ID)).isEmpty();
        assertThat(driver.live()).isEmpty();
        refusal = Optional.empty();
        served(ID, ALICE);
        assertThat(asked).contains(Optional.of(ALICE.subject()));
    }

    @Test
    void aSessionThatRunsIsNotAskedForAgain() {
        startWithRoom();
        served(ID, ALICE);
        refusal = Optional.of(new RequestException(Kind.QUOTA, "The day's budget is used up."));
        invoke(ID, ALICE).close(Invocation.Outcome.SUCCESS);
    }

    @Test
    void theRoomEndsASessionWhileAnInvocationRuns() {
        startWithRoom();
        Invocation running = invoke(ID, ALICE);
        guests.get(0).endForBudget(WHY);
        awaitEnded(ID, WHY);
        assertThat(running.session().endCode()).contains(EndCode.BUDGET);
        RequestException later = Assertions.catchThrowableOfType(RequestException.class, () -> running.connect(Target.AGENT));
        assertThat(later.kind()).isEqualTo(Kind.QUOTA);
        assertThat(later).hasMessageContaining(WHY);
        assertThat(recorder.told).contains("ended BUDGET");
        running.close(Invocation.Outcome.BUDGET);
        guests.get(0).endForBudget("Once more.");
        awaitEnded(ID, WHY);
    }

    @Test
    void aRequestThatMeetsTheEndForABudgetOnItsWayToTheAgentIsToldOfTheBudget() {
        startWithRoom();
        Invocation running = invoke(ID, ALICE);
        driver.failures().always(FakeDriver.Step.CONNECT, () -> {
            guests.get(0).endForBudget(WHY);
            return new VmException("The VM is gone.");
        });
        assertThatThrownBy(() -> running.connect(Target.AGENT)).isInstanceOfSatisfying(RequestException.class, refused -> {
            assertThat(refused.kind()).isEqualTo(Kind.QUOTA);
            assertThat(refused).hasMessageContaining(WHY);
        });
        driver.failures().heal(FakeDriver.Step.CONNECT);
    }

    @Test
    void aSessionThatIsEndedForABudgetStandsStillBeforeAnybodyIsHeardOut() {
        startWithRoom();
        FakeVm vm = served(ID, ALICE);
        guests.get(0).endForBudget(WHY);
        awaitEnded(ID, WHY);
        assertThat(stoodStill).containsExactly(true);
        assertThat(vm.isDestroyed()).isTrue();
    }

    @Test
    void aVmThatCannotBePausedIsDestroyedAllTheSame() {
        startWithRoom();
        served(ID, ALICE);
        driver.failures().next(FakeDriver.Step.PAUSE, new VmException("It does not stop."));
        guests.get(0).endForBudget(WHY);
        awaitEnded(ID, WHY);
        assertThat(stoodStill).containsExactly(false);
    }

    @Test
    void aSessionThatEndsForAnotherReasonIsHeardOutWhileItRuns() {
        startWithRoom();
        served(ID, ALICE);
        get(platform.stop("hello", ID, ALICE));
        assertThat(stoodStill).containsExactly(false);
    }

    @Test
    void theRoomSeesWhatIsUsedAtThisMoment() {
        startWithRoom();
        Invocation running = invoke(ID, ALICE);
        FakeVm vm = vm(running.vm());
        vm.burn(Duration.ofSeconds(3));
        vm.hold(5 << 20);
        clock.advance(Duration.ofSeconds(7));
        assertThat(guests.get(0).use()).satisfies(use -> {
            assertThat(use.used().cpuNanos()).isEqualTo(Duration.ofSeconds(3).toNanos());
            assertThat(use.memoryBytes()).isEqualTo(5 << 20);
            assertThat(use.age()).isEqualTo(Duration.ofSeconds(7));
        });
        assertThat(running.usage().cpuNanos()).isEqualTo(Duration.ofSeconds(3).toNanos());
        assertThat(running.session().usage().cpuNanos()).as("nothing is written down").isZero();
    }

    @Test
    void whoeverLooksOftenDoesNotKeepTheLedgerFromBeingWritten() {
        startWithRoom();
        Invocation running = invoke(ID, ALICE);
        FakeVm vm = vm(running.vm());
        await().untilAsserted(() -> {
            vm.burn(Duration.ofSeconds(1));
            guests.get(0).use();
            running.usage();
            pass(Duration.ofSeconds(1));
            assertThat(ledger.latest("hello", ID)).hasValueSatisfying(
                    row -> assertThat(row.view().usage().cpuNanos()).isGreaterThan(Duration.ofSeconds(5).toNanos()));
        });
    }

    @Test
    void onceTheSessionHasEndedItsLastReadingIsTold() {
        startWithRoom();
        FakeVm vm = served(ID, ALICE);
        vm.burn(Duration.ofSeconds(2));
        guests.get(0).endForBudget(WHY);
        awaitEnded(ID, WHY);
        await().untilAsserted(() -> assertThat(guests.get(0).use().used().cpuNanos()).isEqualTo(Duration.ofSeconds(2).toNanos()));
    }

    @Test
    void newsOfBudgetsReachListeners() {
        startWithRoom();
        served(ID, ALICE);
        listeners.get(0).accept(new BudgetNews(Per.AGENT, Measure.COST, Level.WARNED, "Most of it is used."));
        assertThat(recorder.told).contains("budget hello AGENT COST WARNED");
    }
}
