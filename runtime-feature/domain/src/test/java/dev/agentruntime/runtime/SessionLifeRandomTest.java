package dev.agentruntime.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.SessionView.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;

/** Drives lives with random events beside a plain model; a failure names the seed that brings it back. */
final class SessionLifeRandomTest {

    private static final Duration PAUSE_AFTER = Duration.ofSeconds(90);
    private static final Limits LIMITS =
            new Limits(Duration.ofMinutes(15), Duration.ofHours(2), Duration.ofMinutes(5), PAUSE_AFTER);

    private final long seed = Long.getLong("agentruntime.seed", new Random().nextLong());
    private final Random random = new Random(seed);

    private final Instant created = Instant.parse("2026-01-01T00:00:00Z");
    private Instant now = created;
    private Instant lastWork = created;
    private SessionLife life = SessionLife.begin(created);
    private int requests;
    private int failedPings;
    private PingStatus lastAnswer = PingStatus.HEALTHY;
    private SessionLife.Rest rest = SessionLife.Rest.NOT_ASKED;
    private boolean paused;
    private Optional<Ending.Code> expectedEnd = Optional.empty();

    @RepeatedTest(300)
    void everyLifeKeepsItsPromises() {
        StringBuilder told = new StringBuilder("seed " + seed + " (run with -Dagentruntime.seed=" + seed + "):");
        for (int step = 0; step < 200; step++) {
            LifeEvent event = next();
            told.append("\n").append(life).append(" <- ").append(event);
            SessionLife before = life;
            life = life.next(event);
            model(before, event);
            check(before, told.toString());
        }
    }

    private LifeEvent next() {
        now = now.plusSeconds(random.nextInt(200));
        return switch (random.nextInt(14)) {
            case 0, 1 -> new LifeEvent.RequestBegan(now);
            case 2, 3 -> requests > 0 ? new LifeEvent.RequestEnded(now) : new LifeEvent.Tick(now, LIMITS);
            case 4, 5 -> life.status() == Status.PROVISIONING
                    ? new LifeEvent.Started(now) : new LifeEvent.Pinged(now, PingStatus.HEALTHY);
            case 6 -> new LifeEvent.Pinged(now, PingStatus.HEALTHY_BUSY);
            case 7 -> new LifeEvent.Pinged(now, PingStatus.FAILED);
            case 9, 10 -> new LifeEvent.Asked(now);
            case 8 -> random.nextInt(60) == 0
                    ? new LifeEvent.Ended(now, Ending.vmDied("at random.")) : new LifeEvent.Tick(now, LIMITS);
            default -> new LifeEvent.Tick(now, LIMITS);
        };
    }

    private void model(SessionLife before, LifeEvent event) {
        if (expectedEnd.isPresent()) {
            return;
        }
        boolean serves = before.status() != Status.PROVISIONING;
        if (paused && (event instanceof LifeEvent.Pinged || event instanceof LifeEvent.Asked)) {
            return;
        }
        if (event instanceof LifeEvent.RequestBegan) {
            paused = false;
            requests++;
            lastWork = serves ? now : lastWork;
        } else if (event instanceof LifeEvent.RequestEnded) {
            requests--;
            rest = SessionLife.Rest.NOT_ASKED;
            lastWork = serves ? now : lastWork;
        } else if (event instanceof LifeEvent.Started) {
            lastWork = now;
            rest = SessionLife.Rest.NOT_ASKED;
        } else if (event instanceof LifeEvent.Asked) {
            rest = working() ? rest : SessionLife.Rest.ASKED;
        } else if (event instanceof LifeEvent.Pinged ping && serves) {
            rest = restAfter(ping.status());
            failedPings = ping.status() == PingStatus.FAILED ? failedPings + 1 : 0;
            lastAnswer = ping.status() == PingStatus.FAILED ? lastAnswer : ping.status();
            lastWork = ping.status() == PingStatus.HEALTHY_BUSY ? now : lastWork;
            expectedEnd = failedPings == 3 ? Optional.of(Ending.Code.UNHEALTHY) : Optional.empty();
        } else if (event instanceof LifeEvent.Ended ended) {
            expectedEnd = Optional.of(ended.ending().code());
        } else if (event instanceof LifeEvent.Tick) {
            expectedEnd = aged(serves);
            paused = paused || serves && expectedEnd.isEmpty() && !working() && rest == SessionLife.Rest.CONFIRMED
                    && Duration.between(lastWork, now).compareTo(PAUSE_AFTER) >= 0;
        }
    }

    /** Only a ping that was asked when nothing was going on confirms anything. */
    private SessionLife.Rest restAfter(PingStatus answer) {
        boolean wasBusy = lastAnswer == PingStatus.HEALTHY_BUSY;
        return answer == PingStatus.HEALTHY && requests == 0 && !wasBusy && rest != SessionLife.Rest.NOT_ASKED
                ? SessionLife.Rest.CONFIRMED : SessionLife.Rest.NOT_ASKED;
    }

    private Optional<Ending.Code> aged(boolean serves) {
        Duration age = Duration.between(created, now);
        if (!serves) {
            return age.compareTo(LIMITS.startTimeout()) >= 0 ? Optional.of(Ending.Code.START_FAILED) : Optional.empty();
        }
        if (age.compareTo(LIMITS.maxLifetime()) >= 0) {
            return Optional.of(Ending.Code.MAX_LIFETIME);
        }
        return !working() && Duration.between(lastWork, now).compareTo(LIMITS.idleTimeout()) >= 0
                ? Optional.of(Ending.Code.IDLE_TIMEOUT) : Optional.empty();
    }

    private boolean working() {
        return requests > 0 || lastAnswer == PingStatus.HEALTHY_BUSY;
    }

    private void check(SessionLife before, String told) {
        assertThat(life.createdAt()).as(told).isEqualTo(created);
        assertThat(life.lastActivityAt(now)).as(told).isBetween(created, now);
        if (expectedEnd.isPresent()) {
            assertThat(life).as(told).isInstanceOfSatisfying(SessionLife.Terminated.class,
                    over -> assertThat(over.ending().code()).isEqualTo(expectedEnd.get()));
        } else if (life.status() != Status.PROVISIONING) {
            assertThat(life.status()).as(told).isEqualTo(working() ? Status.ACTIVE : Status.IDLE);
            assertThat(life instanceof SessionLife.Paused).as(told).isEqualTo(paused);
        }
        if (before instanceof SessionLife.Terminated) {
            assertThat(life).as(told).isSameAs(before);
        }
    }
}
