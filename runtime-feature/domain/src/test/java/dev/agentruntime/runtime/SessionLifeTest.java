package dev.agentruntime.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.SessionView.Status;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class SessionLifeTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Limits LIMITS =
            new Limits(Duration.ofMinutes(15), Duration.ofHours(8), Duration.ofMinutes(5), Duration.ofSeconds(2));

    private Instant now = START;
    private SessionLife life = SessionLife.begin(START);

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
        assertEnded(Ending.Code.IDLE_TIMEOUT, "Idle for 15m, its idle timeout.");
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
        assertEnded(Ending.Code.IDLE_TIMEOUT, "Idle for 15m, its idle timeout.");
    }

    @Test
    void healthyPingsDoNotPutOffTheIdleTimeout() {
        serving();
        for (int minute = 0; minute < 15; minute++) {
            ping(PingStatus.HEALTHY);
            after(Duration.ofMinutes(1));
        }
        assertEnded(Ending.Code.IDLE_TIMEOUT, "Idle for 15m, its idle timeout.");
    }

    @Test
    void isPausedOnceItsAgentHasConfirmedThatItRests() {
        serving();
        after(Duration.ofSeconds(10));
        assertThat(life).isInstanceOf(SessionLife.Idle.class);
        asked();
        ping(PingStatus.HEALTHY);
        after(Duration.ofSeconds(1));
        assertThat(life).isInstanceOf(SessionLife.Paused.class);
        assertThat(life.status()).isEqualTo(Status.IDLE);
    }

    @Test
    void isNotPausedWithinTheGrace() {
        serving();
        asked();
        ping(PingStatus.HEALTHY);
        after(Duration.ofSeconds(2).minusNanos(1));
        assertThat(life).isInstanceOf(SessionLife.Idle.class);
        after(Duration.ofNanos(1));
        assertThat(life).isInstanceOf(SessionLife.Paused.class);
    }

    @Test
    void anAnswerToAQuestionFromBeforeTheEndOfTheWorkConfirmsNothing() {
        request();
        started();
        asked();
        requestEnds();
        ping(PingStatus.HEALTHY);
        after(Duration.ofMinutes(1));
        assertThat(life).isInstanceOf(SessionLife.Idle.class);
    }

    @Test
    void isNotPausedWhileAPingIsOutOrAfterOneFailed() {
        serving();
        asked();
        ping(PingStatus.HEALTHY);
        asked();
        after(Duration.ofSeconds(5));
        assertThat(life).isInstanceOf(SessionLife.Idle.class);
        ping(PingStatus.FAILED);
        after(Duration.ofSeconds(5));
        assertThat(life).isInstanceOf(SessionLife.Idle.class);
    }

    @Test
    void isNeverPausedWhileItsAgentIsBusyButAfterwards() {
        serving();
        asked();
        ping(PingStatus.HEALTHY_BUSY);
        after(Duration.ofMinutes(10));
        assertThat(life).isInstanceOf(SessionLife.Active.class);
        ping(PingStatus.HEALTHY);
        assertThat(life).isInstanceOf(SessionLife.Idle.class);
        asked();
        ping(PingStatus.HEALTHY);
        after(Duration.ofSeconds(2));
        assertThat(life).isInstanceOf(SessionLife.Paused.class);
    }

    @Test
    void aGraceOfZeroMeansNever() {
        serving();
        asked();
        ping(PingStatus.HEALTHY);
        life = life.next(new LifeEvent.Tick(now.plusSeconds(600), new Limits(
                Duration.ofMinutes(15), Duration.ofHours(8), Duration.ofMinutes(5), Duration.ZERO)));
        assertThat(life).isInstanceOf(SessionLife.Idle.class);
    }

    @Test
    void aRequestWakesItAndPingsDoNotTouchIt() {
        paused();
        ping(PingStatus.FAILED);
        ping(PingStatus.FAILED);
        ping(PingStatus.FAILED);
        assertThat(life).isInstanceOf(SessionLife.Paused.class);
        request();
        assertThat(life).isEqualTo(new SessionLife.Active(START, now, 1, SessionLife.OwnWork.NONE, 0));
    }

    @Test
    void idleTimeGoesOnWhileItIsPaused() {
        paused();
        Instant idleSince = life.lastActivityAt(now);
        after(Duration.between(now, idleSince.plus(Duration.ofMinutes(15))));
        assertEnded(Ending.Code.IDLE_TIMEOUT, "Idle for 15m, its idle timeout.");
    }

    @Test
    void busyWorkEndsAtTheMaximumLifetime() {
        serving();
        request();
        ping(PingStatus.HEALTHY_BUSY);
        after(Duration.ofHours(8).minusNanos(1));
        assertThat(life.status()).isEqualTo(Status.ACTIVE);
        after(Duration.ofNanos(1));
        assertEnded(Ending.Code.MAX_LIFETIME, "Reached its maximum lifetime of 8h.");
    }

    @Test
    void threeFailedPingsInARowEndIt() {
        serving();
        ping(PingStatus.FAILED);
        ping(PingStatus.FAILED);
        assertThat(life.status()).isEqualTo(Status.IDLE);
        ping(PingStatus.FAILED);
        assertEnded(Ending.Code.UNHEALTHY, "3 pings in a row failed.");
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
        assertEnded(Ending.Code.START_FAILED,
                "The session could not be started: its VM was not ready within 5m.");
    }

    @Test
    void keepsTheFirstReasonWhyItEnded() {
        serving();
        life = life.next(new LifeEvent.Ended(now, Ending.vmDied("killed by signal 9.")));
        life = life.next(new LifeEvent.Ended(now, Ending.serverStopped()));
        assertEnded(Ending.Code.VM_DIED, "The VM ended by itself: killed by signal 9.");
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
        assertThat(life).isInstanceOf(SessionLife.Paused.class);
    }

    private void asked() {
        life = life.next(new LifeEvent.Asked(now));
    }

    private void request() {
        life = life.next(new LifeEvent.RequestBegan(now));
    }

    private void requestEnds() {
        life = life.next(new LifeEvent.RequestEnded(now));
    }

    private void started() {
        life = life.next(new LifeEvent.Started(now));
    }

    private void ping(PingStatus status) {
        life = life.next(new LifeEvent.Pinged(now, status));
    }

    private void after(Duration time) {
        now = now.plus(time);
        life = life.next(new LifeEvent.Tick(now, LIMITS));
    }

    private void assertEnded(Ending.Code code, String sentence) {
        assertThat(life).isInstanceOfSatisfying(SessionLife.Terminated.class,
                over -> assertThat(over.ending()).isEqualTo(new Ending(code, sentence)));
    }
}
