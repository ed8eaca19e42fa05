package dev.agentruntime.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.EndCode;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.SessionView.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SessionLifeTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Limits LIMITS =
            new Limits(Duration.ofMinutes(15), Duration.ofHours(8), Duration.ofMinutes(5), Duration.ofSeconds(2), Duration.ofSeconds(20));

    private Instant now = START;
    private SessionLife life = SessionLife.begin(START).life();
    private List<Order> orders = List.of();

    @Test
    void isProvisioningUntilItsVmServes() {
        request();
        assertThat(life.status()).isEqualTo(Status.PROVISIONING);
        started();
        assertThat(life.status()).isEqualTo(Status.ACTIVE);
    }

    @Test
    void isIdleFromTheStartWhenWhoeverAskedHasLeft() {
        request();
        requestEnds();
        started();
        assertThat(life.status()).isEqualTo(Status.IDLE);
    }

    @Test
    void isActiveUntilItsLastRequestEnds() {
        serving();
        request();
        request();
        requestEnds();
        assertThat(life.status()).isEqualTo(Status.ACTIVE);
        requestEnds();
        assertThat(life.status()).isEqualTo(Status.IDLE);
    }

    @Test
    void endsWhenItHasBeenIdleForItsTimeout() {
        serving();
        after(Duration.ofMinutes(15).minusNanos(1));
        assertThat(life.status()).isEqualTo(Status.IDLE);
        after(Duration.ofNanos(1));
        assertEnded(EndCode.IDLE_TIMEOUT, "Idle for 15m, its idle timeout.");
    }

    @Test
    void anOpenRequestKeepsItFromBeingIdle() {
        serving();
        request();
        after(Duration.ofHours(7));
        assertThat(life.status()).isEqualTo(Status.ACTIVE);
    }

    @Test
    void isActiveWhileItsAgentSaysItIsBusy() {
        serving();
        ping(PingStatus.HEALTHY_BUSY);
        after(Duration.ofHours(1));
        assertThat(life.status()).isEqualTo(Status.ACTIVE);
        ping(PingStatus.HEALTHY);
        assertThat(life.status()).isEqualTo(Status.IDLE);
    }

    @Test
    void theIdleClockRunsFromTheLastTimeItsAgentWasBusy() {
        serving();
        after(Duration.ofMinutes(10));
        ping(PingStatus.HEALTHY_BUSY);
        ping(PingStatus.HEALTHY);
        after(Duration.ofMinutes(14));
        assertThat(life.status()).isEqualTo(Status.IDLE);
        after(Duration.ofMinutes(1));
        assertEnded(EndCode.IDLE_TIMEOUT, "Idle for 15m, its idle timeout.");
    }

    @Test
    void healthyPingsDoNotPutOffTheIdleTimeout() {
        serving();
        for (int minute = 0; minute < 15; minute++) {
            ping(PingStatus.HEALTHY);
            after(Duration.ofMinutes(1));
        }
        assertEnded(EndCode.IDLE_TIMEOUT, "Idle for 15m, its idle timeout.");
    }

    @Test
    void isPausedOnceItsAgentHasConfirmedThatItRests() {
        serving();
        after(Duration.ofSeconds(10));
        assertThat(life).isInstanceOf(Idle.class);
        asked();
        ping(PingStatus.HEALTHY);
        after(Duration.ofSeconds(1));
        assertThat(life).isInstanceOf(Pausing.class);
        assertThat(orders).containsExactly(new Order.Pause());
        next(new LifeEvent.PauseDone(now));
        assertThat(life).isInstanceOf(Paused.class);
        assertThat(life.status()).isEqualTo(Status.IDLE);
    }

    @Test
    void isNotPausedWithinTheGrace() {
        serving();
        asked();
        ping(PingStatus.HEALTHY);
        after(Duration.ofSeconds(2).minusNanos(1));
        assertThat(life).isInstanceOf(Idle.class);
        after(Duration.ofNanos(1));
        assertThat(life).isInstanceOf(Pausing.class);
    }

    @Test
    void anAnswerToAQuestionFromBeforeTheEndOfTheWorkConfirmsNothing() {
        request();
        started();
        asked();
        requestEnds();
        ping(PingStatus.HEALTHY);
        after(Duration.ofMinutes(1));
        assertThat(life).isInstanceOf(Idle.class);
    }

    @Test
    void isNotPausedWhileAPingIsOutOrAfterOneFailed() {
        serving();
        asked();
        ping(PingStatus.HEALTHY);
        asked();
        after(Duration.ofSeconds(5));
        assertThat(life).isInstanceOf(Idle.class);
        ping(PingStatus.FAILED);
        after(Duration.ofSeconds(5));
        assertThat(life).isInstanceOf(Idle.class);
    }

    @Test
    void isNeverPausedWhileItsAgentIsBusyButAfterwards() {
        serving();
        asked();
        ping(PingStatus.HEALTHY_BUSY);
        after(Duration.ofMinutes(10));
        assertThat(life).isInstanceOf(Active.class);
        ping(PingStatus.HEALTHY);
        assertThat(life).isInstanceOf(Idle.class);
        asked();
        ping(PingStatus.HEALTHY);
        after(Duration.ofSeconds(2));
        assertThat(life).isInstanceOf(Pausing.class);
    }

    @Test
    void aGraceOfZeroMeansNever() {
        serving();
        asked();
        ping(PingStatus.HEALTHY);
        next(new LifeEvent.Tick(now.plusSeconds(600), new Limits(
                Duration.ofMinutes(15), Duration.ofHours(8), Duration.ofMinutes(5), Duration.ZERO, Duration.ofSeconds(20))));
        assertThat(life).isInstanceOf(Idle.class);
    }

    @Test
    void aRequestWakesItAndPingsDoNotTouchIt() {
        paused();
        ping(PingStatus.FAILED);
        ping(PingStatus.FAILED);
        ping(PingStatus.FAILED);
        assertThat(life).isInstanceOf(Paused.class);
        request();
        assertThat(life).isInstanceOf(Waking.class);
        assertThat(life.status()).isEqualTo(Status.ACTIVE);
        assertThat(orders).endsWith(new Order.Resume()).doesNotContain(new Order.Serve());
        next(new LifeEvent.Woke(now));
        assertThat(life).isEqualTo(new Active(START, now, 1, OwnWork.NONE, 0));
        assertThat(orders).contains(new Order.Serve());
    }

    @Test
    void idleTimeGoesOnWhileItIsPaused() {
        paused();
        Instant idleSince = life.lastActivityAt(now);
        after(Duration.between(now, idleSince.plus(Duration.ofMinutes(15))));
        assertEnded(EndCode.IDLE_TIMEOUT, "Idle for 15m, its idle timeout.");
    }

    @Test
    void busyWorkEndsAtTheMaximumLifetime() {
        serving();
        request();
        ping(PingStatus.HEALTHY_BUSY);
        after(Duration.ofHours(8).minusNanos(1));
        assertThat(life.status()).isEqualTo(Status.ACTIVE);
        after(Duration.ofNanos(1));
        assertEnded(EndCode.MAX_LIFETIME, "Reached its maximum lifetime of 8h.");
    }

    @Test
    void threeFailedPingsInARowEndIt() {
        serving();
        ping(PingStatus.FAILED);
        ping(PingStatus.FAILED);
        assertThat(life.status()).isEqualTo(Status.IDLE);
        ping(PingStatus.FAILED);
        assertEnded(EndCode.UNHEALTHY, "3 pings in a row failed. The agent's last answer: 500 Internal Server Error");
    }

    @Test
    void anAnsweredPingForgivesFailedOnes() {
        serving();
        ping(PingStatus.FAILED);
        ping(PingStatus.FAILED);
        ping(PingStatus.HEALTHY);
        ping(PingStatus.FAILED);
        ping(PingStatus.FAILED);
        assertThat(life.status()).isEqualTo(Status.IDLE);
    }

    @Test
    void aFailedPingDoesNotEndBusyWorkEarly() {
        serving();
        ping(PingStatus.HEALTHY_BUSY);
        ping(PingStatus.FAILED);
        assertThat(life.status()).isEqualTo(Status.ACTIVE);
    }

    @Test
    void aStartThatTakesTooLongEndsIt() {
        after(Duration.ofMinutes(5));
        assertEnded(EndCode.START_FAILED,
                "The session could not be started: its VM was not ready within 5m.");
    }

    @Test
    void keepsTheFirstReasonWhyItEnded() {
        serving();
        next(new LifeEvent.Died(now, "killed by signal 9."));
        assertEnded(EndCode.VM_DIED, "The VM ended by itself: killed by signal 9.");
        SessionLife ended = life;
        next(new LifeEvent.Died(now, "again"));
        assertThat(life).isEqualTo(ended);
        next(new LifeEvent.End(now, EndReason.serverStopped()));
        assertThat(((Ending) life).reason().code()).isEqualTo(EndCode.VM_DIED);
        assertThat(orders).isEmpty();
    }

    private void serving() {
        request();
        started();
        requestEnds();
    }

    private void paused() {
        serving();
        asked();
        ping(PingStatus.HEALTHY);
        after(Duration.ofSeconds(2));
        next(new LifeEvent.PauseDone(now));
        assertThat(life).isInstanceOf(Paused.class);
    }

    private void asked() {
        next(new LifeEvent.Asked(now));
    }

    private void request() {
        next(new LifeEvent.RequestBegan(now));
    }

    private void requestEnds() {
        next(new LifeEvent.RequestEnded(now));
    }

    private void started() {
        next(new LifeEvent.Started(now));
    }

    private void ping(PingStatus status) {
        next(new LifeEvent.Pinged(now, status, "500 Internal Server Error"));
    }

    private void after(Duration time) {
        now = now.plus(time);
        next(new LifeEvent.Tick(now, LIMITS));
    }

    private void assertEnded(EndCode code, String sentence) {
        assertThat(life).isInstanceOfSatisfying(Ending.class,
                over -> assertThat(over.reason()).isEqualTo(new EndReason(code, sentence)));
        assertThat(orders).contains(new Order.Destroy(), new Order.Tell(new News.Ended(new EndReason(code, sentence))))
                .anyMatch(Order.Refuse.class::isInstance);
    }

    private void next(LifeEvent event) {
        Step step = life.next(event);
        life = step.life();
        orders = step.orders();
    }
}
