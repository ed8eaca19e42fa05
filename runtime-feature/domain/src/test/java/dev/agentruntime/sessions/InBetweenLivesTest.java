package dev.agentruntime.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.EndCode;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionView.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lives in which an order is under way, and what happens meanwhile. */
final class InBetweenLivesTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Limits LIMITS =
            new Limits(Duration.ofMinutes(15), Duration.ofHours(8), Duration.ofMinutes(5), Duration.ofSeconds(2), Duration.ofSeconds(20));

    private Instant now = START;
    private SessionLife life = SessionLife.begin(START).life();
    private List<Order> orders = SessionLife.begin(START).orders();

    @Test
    void beginsByAskingForTheAgentsVersion() {
        assertThat(orders).containsExactly(new Order.Tell(new News.Began()), new Order.Record(Order.Haste.AT_ONCE), new Order.Lease());
        next(new LifeEvent.Leased(now));
        assertThat(orders).containsExactly(new Order.Start());
    }

    @Test
    void servesThoseWhoWaitOnceItsVmHasBegun() {
        request();
        next(new LifeEvent.Leased(now));
        next(new LifeEvent.Started(now));
        assertThat(orders).containsExactly(
                new Order.Tell(new News.Moved(Status.PROVISIONING, Status.ACTIVE)),
                new Order.Record(Order.Haste.WITHIN_SECONDS), new Order.Record(Order.Haste.AT_ONCE),
                new Order.Tell(new News.Serves()), new Order.Serve());
    }

    @Test
    void aStartIsTriedAgainWhileTheHypervisorIsAway() {
        request();
        next(new LifeEvent.Leased(now));
        next(new LifeEvent.StartFailed(now, Fault.away("libvirtd is down.")));
        assertThat(life).isInstanceOf(Starting.class);
        tick(Duration.ofMillis(499));
        assertThat(orders).isEmpty();
        tick(Duration.ofMillis(1));
        assertThat(orders).containsExactly(new Order.Start());
        next(new LifeEvent.Started(now));
        assertThat(life).isInstanceOf(Active.class);
    }

    @Test
    void aStartWaitsForAHypervisorThatIsAwayAsLongAsConfigured() {
        starting();
        next(new LifeEvent.StartFailed(now, Fault.away("libvirtd is down.")));
        for (int seconds = 2; seconds < 20; seconds += 2) {
            tick(Duration.ofSeconds(2));
            assertThat(orders).containsExactly(new Order.Start());
            next(new LifeEvent.StartFailed(now, Fault.away("libvirtd is still down.")));
            assertThat(orders).isEmpty();
        }
        tick(Duration.ofSeconds(2));
        assertThat(refusal()).isEqualTo(Fault.away("libvirtd is still down."));
        assertThat(life).isInstanceOf(Ending.class);
    }

    @Test
    void aTryThatIsUnderWayMayStillSucceedWhenPatienceIsOver() {
        starting();
        next(new LifeEvent.StartFailed(now, Fault.away("libvirtd is down.")));
        tick(Duration.ofSeconds(2));
        tick(Duration.ofSeconds(60));
        assertThat(orders).isEmpty();
        next(new LifeEvent.Started(now));
        assertThat(life).isInstanceOf(Active.class);
    }

    @Test
    void aStartThatFailsForGoodTellsWhoWaitsWhoseFaultItIs() {
        request();
        Fault fault = new Fault(Kind.AGENT, "The agent did not start.", List.of("line 1"), Reach.FINAL);
        next(new LifeEvent.StartFailed(now, fault));
        assertThat(refusal()).isEqualTo(fault);
        assertThat(((Ending) life).reason().code()).isEqualTo(EndCode.START_FAILED);
    }

    @Test
    void anEndWhileItStartsDestroysWhatTheStartStillBrings() {
        request();
        next(new LifeEvent.Leased(now));
        next(new LifeEvent.End(now, EndReason.serverStopped()));
        assertThat(orders).endsWith(new Order.Destroy());
        next(new LifeEvent.Started(now));
        assertThat(life).isInstanceOf(Ending.class);
        assertThat(orders).isEmpty();
    }

    @Test
    void aRequestThatComesWhileItIsPausedMeanwhileWaitsAndWakesIt() {
        pausing();
        request();
        assertThat(life).isInstanceOf(Pausing.class);
        assertThat(life.status()).isEqualTo(Status.ACTIVE);
        assertThat(orders).doesNotContain(new Order.Serve(), new Order.Resume());
        next(new LifeEvent.PauseDone(now));
        assertThat(life).isInstanceOf(Waking.class);
        assertThat(orders).containsExactly(new Order.Resume());
    }

    @Test
    void aPauseIsTriedAgainWhileTheHypervisorIsAway() {
        pausing();
        next(new LifeEvent.PauseFailed(now, Reach.AWAY));
        tick(Duration.ofSeconds(1));
        assertThat(orders).containsExactly(new Order.Pause());
        next(new LifeEvent.PauseDone(now));
        assertThat(life).isInstanceOf(Paused.class);
    }

    @Test
    void aVmThatMayOrMayNotStandStillIsResumedForARequest() {
        pausing();
        next(new LifeEvent.PauseFailed(now, Reach.AWAY));
        request();
        assertThat(life).isInstanceOf(Waking.class);
        assertThat(orders).endsWith(new Order.Resume());
    }

    @Test
    void aPauseThatFailsForGoodLeavesARunningSessionThatIsAskedAgain() {
        pausing();
        next(new LifeEvent.PauseFailed(now, Reach.FINAL));
        assertThat(orders).containsExactly(new Order.Resume());
        next(new LifeEvent.Woke(now));
        assertThat(life).isEqualTo(new Idle(START, START, 0, Rest.NOT_ASKED));
    }

    @Test
    void wakingKeepsTheSessionWhileTheHypervisorIsAway() {
        waking();
        for (int i = 0; i < 100; i++) {
            next(new LifeEvent.WakeFailed(now, Reach.AWAY, "libvirtd is down."));
            tick(Duration.ofSeconds(2));
            assertThat(orders).contains(new Order.Resume());
        }
        assertThat(life).isInstanceOf(Waking.class);
        request();
        next(new LifeEvent.Woke(now));
        assertThat(life).isInstanceOf(Active.class);
        assertThat(orders).contains(new Order.Serve());
    }

    @Test
    void aCallerWaitsForAHypervisorThatIsAwayAsLongAsConfigured() {
        waking();
        next(new LifeEvent.WakeFailed(now, Reach.AWAY, "libvirtd is down."));
        tick(Duration.ofSeconds(19));
        assertThat(orders).noneMatch(Order.Refuse.class::isInstance);
        tick(Duration.ofSeconds(1));
        assertThat(refusal().kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
        assertThat(refusal().sentence()).contains("keeps its state");
        assertThat(life.status()).isEqualTo(Status.IDLE);
        next(new LifeEvent.Woke(now));
        assertThat(life).isInstanceOf(Idle.class);
    }

    @Test
    void aCallerWaitsForAnOrderThatHangsAsLongAsConfigured() {
        pausing();
        request();
        tick(Duration.ofSeconds(20));
        assertThat(refusal().kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
        assertThat(life).isInstanceOf(Pausing.class);
    }

    @Test
    void eachWaitsFromWhenItCame() {
        waking();
        tick(Duration.ofSeconds(20));
        now = now.plusSeconds(60);
        request();
        tick(Duration.ofSeconds(19));
        assertThat(orders).isEmpty();
        tick(Duration.ofSeconds(1));
        assertThat(refusal().kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
    }

    @Test
    void aVmThatDoesNotResumeEndsItsSession() {
        waking();
        next(new LifeEvent.WakeFailed(now, Reach.FINAL, "QEMU is gone."));
        assertThat(((Ending) life).reason()).isEqualTo(EndReason.vmDied("it was at rest and could not be resumed: QEMU is gone."));
        assertThat(refusal().kind()).isEqualTo(Kind.PLATFORM);
    }

    @Test
    void aVmThatDiesEndsEveryLifeThatHasOne() {
        for (Runnable way : List.<Runnable>of(this::serving, this::pausing, this::paused, this::waking)) {
            way.run();
            next(new LifeEvent.Died(now, "killed"));
            assertThat(((Ending) life).reason().code()).isEqualTo(EndCode.VM_DIED);
        }
    }

    @Test
    void pingsOfASessionThatDoesNotServeCountNowhere() {
        for (Runnable way : List.<Runnable>of(this::pausing, this::paused, this::waking, this::ending, this::gone)) {
            way.run();
            SessionLife before = life;
            for (int i = 0; i < 3; i++) {
                next(new LifeEvent.Pinged(now, PingStatus.FAILED, "no answer"));
            }
            assertThat(life).isEqualTo(before);
            assertThat(orders).isEmpty();
        }
    }

    @Test
    void whoAsksForASessionThatEndsIsToldToAskAgain() {
        ending();
        request();
        assertThat(refusal().kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
        gone();
        request();
        assertThat(refusal().kind()).isEqualTo(Kind.RETRYABLE_CONFLICT);
    }

    @Test
    void isGoneWhenItsVmIsDestroyed() {
        ending();
        next(new LifeEvent.Destroyed(now));
        assertThat(life).isInstanceOf(Gone.class);
        assertThat(orders).containsExactly(new Order.Record(Order.Haste.AT_ONCE), new Order.Tell(new News.Closed()),
                new Order.Tell(new News.IsGone()), new Order.Release());
    }

    @Test
    void aDestructionThatFailsIsToldAndTriedAgain() {
        ending();
        next(new LifeEvent.NotDestroyed(now, Reach.FINAL, "The file x is left."));
        assertThat(orders).singleElement().satisfies(order ->
                assertThat(((News.IsNotGone) ((Order.Tell) order).news()).fault().sentence()).contains("The file x is left."));
        tick(Duration.ofSeconds(2));
        assertThat(orders).containsExactly(new Order.Destroy());
    }

    @Test
    void whoWaitsForAnEndIsToldInTheEndThatTheHypervisorIsAway() {
        ending();
        next(new LifeEvent.NotDestroyed(now, Reach.AWAY, "libvirtd is down."));
        assertThat(orders).isEmpty();
        tick(Duration.ofSeconds(19));
        assertThat(orders).containsExactly(new Order.Destroy());
        tick(Duration.ofSeconds(1));
        assertThat(orders).singleElement().satisfies(order ->
                assertThat(((News.IsNotGone) ((Order.Tell) order).news()).fault().kind()).isEqualTo(Kind.RETRYABLE_CONFLICT));
        next(new LifeEvent.Destroyed(now));
        assertThat(life).isInstanceOf(Gone.class);
    }

    @Test
    void aSessionThatServesIsLeftToTheNextRunWithALastReading() {
        serving();
        request();
        next(new LifeEvent.Leave(now));
        assertThat(life).isEqualTo(new Left(START, now, Status.ACTIVE));
        assertThat(orders).containsExactly(new Order.Refuse(Left.refusal()), new Order.Leave());
        next(new LifeEvent.Departed(now));
        assertThat(orders).containsExactly(new Order.Record(Order.Haste.AT_ONCE), new Order.Tell(new News.IsGone()));
    }

    @Test
    void aSessionThatRestsOrIsOnItsWayIsLeftAsWell() {
        paused();
        next(new LifeEvent.Leave(now));
        assertThat(life).isInstanceOf(Left.class).extracting(SessionLife::status).isEqualTo(Status.IDLE);
        life = SessionLife.begin(START).life();
        waking();
        next(new LifeEvent.Leave(now));
        assertThat(life).isInstanceOf(Left.class).extracting(SessionLife::status).isEqualTo(Status.ACTIVE);
        assertThat(refusal().kind()).isEqualTo(Kind.UNAVAILABLE);
        life = SessionLife.begin(START).life();
        pausing();
        next(new LifeEvent.Leave(now));
        assertThat(life).isInstanceOf(Left.class);
        assertThat(orders).endsWith(new Order.Leave());
    }

    @Test
    void onlyASessionWithAVmThatHasBegunItMayBeLeft() {
        assertThat(life.mayBeLeft()).isFalse();
        serving();
        assertThat(life.mayBeLeft()).isTrue();
        ending();
        assertThat(life.mayBeLeft()).isFalse();
        next(new LifeEvent.Leave(now));
        assertThat(life).isInstanceOf(Ending.class);
    }

    @Test
    void nothingTouchesASessionThatIsLeft() {
        serving();
        next(new LifeEvent.Leave(now));
        SessionLife left = life;
        for (LifeEvent event : List.of(new LifeEvent.RequestEnded(now), new LifeEvent.Died(now, "how"), new LifeEvent.Read(now),
                new LifeEvent.Pinged(now, PingStatus.FAILED, "no"), new LifeEvent.PauseDone(now), new LifeEvent.Woke(now))) {
            next(event);
            assertThat(orders).as(event.toString()).isEmpty();
        }
        tick(Duration.ofDays(2));
        assertThat(orders).isEmpty();
        request();
        assertThat(refusal().kind()).isEqualTo(Kind.UNAVAILABLE);
        next(new LifeEvent.End(now, EndReason.serverStopped()));
        assertThat(orders).containsExactly(new Order.Tell(new News.IsNotGone(Left.refusal())));
        assertThat(life).isEqualTo(left);
    }

    @Test
    void aSessionOfAnEarlierRunWorksUntilItsAgentHasSaidThatItDoesNot() {
        goesOn();
        assertThat(orders).containsExactly(new Order.Tell(new News.GoesOn()), new Order.Record(Order.Haste.AT_ONCE), Lives.READ_NOW,
                new Order.Tell(new News.AtRest()));
        tick(Duration.ofMinutes(20));
        assertThat(life).as("it may be busy").isInstanceOf(Active.class);
        next(new LifeEvent.Pinged(now, PingStatus.FAILED, "late"));
        tick(Duration.ofSeconds(5));
        assertThat(life).as("it has not said that it is not").isInstanceOf(Active.class);
        next(new LifeEvent.Pinged(now, PingStatus.HEALTHY, "Healthy"));
        assertThat(life).isEqualTo(new Idle(START, START, 0, Rest.NOT_ASKED));
        tick(Duration.ZERO);
        assertThat(((Ending) life).reason().code()).isEqualTo(EndCode.IDLE_TIMEOUT);
    }

    @Test
    void aSessionOfAnEarlierRunServesAtOnceAndIsBusyWhereItsAgentSaysSo() {
        goesOn();
        request();
        assertThat(orders).contains(new Order.Serve());
        next(new LifeEvent.RequestEnded(now));
        assertThat(life).as("nobody has asked yet").isInstanceOf(Active.class);
        now = now.plusSeconds(600);
        next(new LifeEvent.Pinged(now, PingStatus.HEALTHY_BUSY, "HealthyBusy"));
        assertThat(life).isEqualTo(new Active(START, now, 0, OwnWork.BUSY, 0));
    }

    private void goesOn() {
        Step step = SessionLife.goOn(START, START);
        life = step.life();
        orders = step.orders();
    }

    @Test
    void aVersionThatComesTooLateIsLetGo() {
        next(new LifeEvent.End(now, EndReason.serverStopped()));
        next(new LifeEvent.Destroyed(now));
        next(new LifeEvent.Leased(now));
        assertThat(orders).containsExactly(new Order.Release());
    }

    @Test
    void textOfAGuestIsOneLineInEveryReason() {
        serving();
        next(new LifeEvent.Died(now, "bad\u0000news\n[11/26/26] AGRT9999E forged\u001b[31m" + "x".repeat(5000)));
        assertThat(((Ending) life).reason().sentence()).startsWith("The VM ended by itself: bad news [11/26/26] AGRT9999E forgedxxx")
                .hasSize(1000).doesNotContainPattern("\\p{Cntrl}");
    }

    private void serving() {
        life = new Idle(START, START, 0, Rest.NOT_ASKED);
    }

    private void pausing() {
        life = new Idle(START, START, 0, Rest.CONFIRMED);
        tick(Duration.ofSeconds(2));
        assertThat(orders).containsExactly(new Order.Pause());
    }

    private void paused() {
        pausing();
        next(new LifeEvent.PauseDone(now));
        assertThat(life).isInstanceOf(Paused.class);
    }

    private void starting() {
        request();
        next(new LifeEvent.Leased(now));
        assertThat(orders).containsExactly(new Order.Start());
    }

    private void waking() {
        paused();
        request();
        assertThat(life).isInstanceOf(Waking.class);
    }

    private void ending() {
        serving();
        next(new LifeEvent.End(now, EndReason.serverStopped()));
        assertThat(orders).endsWith(new Order.Destroy());
    }

    private void gone() {
        ending();
        next(new LifeEvent.Destroyed(now));
    }

    private void request() {
        next(new LifeEvent.RequestBegan(now));
    }

    private void tick(Duration time) {
        now = now.plus(time);
        next(new LifeEvent.Tick(now, LIMITS));
    }

    private Fault refusal() {
        return orders.stream().filter(Order.Refuse.class::isInstance).map(order -> ((Order.Refuse) order).fault())
                .findFirst().orElseThrow();
    }

    private void next(LifeEvent event) {
        Step step = life.next(event);
        life = step.life();
        orders = step.orders();
    }
}
