package dev.agentruntime.runtime;

import dev.agentruntime.api.Durations;
import dev.agentruntime.api.SessionView.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a session is in its life, and where it goes from there. Immutable and free of side effects: whoever holds a life
 * applies events to it and reacts to what changed. The table of states is docs/session-life.md.
 */
sealed interface SessionLife {

    /** Failed pings in a row that end a session. */
    int FAILED_PINGS = 3;

    /** What the agent said last of work of its own. */
    enum OwnWork { NONE, BUSY }

    /** Whether the agent, asked after its last work had ended, has said that there is none of its own. */
    enum Rest { NOT_ASKED, ASKED, CONFIRMED }

    Instant createdAt();

    Status status();

    /** When work was last seen, if it is {@code now}. */
    Instant lastActivityAt(Instant now);

    /** The life after {@code event}; the same object when the event changes nothing. */
    SessionLife next(LifeEvent event);

    static SessionLife begin(Instant now) {
        return new Provisioning(now, 0);
    }

    private static Terminated end(SessionLife life, Instant now, Ending ending) {
        return new Terminated(life.createdAt(), life.lastActivityAt(now), now, ending);
    }

    /** The end of a life as old as it may get, if it has come. */
    private static Optional<SessionLife> aged(SessionLife life, LifeEvent.Tick tick) {
        Duration most = tick.limits().maxLifetime();
        return reached(life.createdAt(), most, tick.at())
                ? Optional.of(end(life, tick.at(), new Ending(
                        Ending.Code.MAX_LIFETIME, "Reached its maximum lifetime of " + Durations.text(most) + ".")))
                : Optional.empty();
    }

    /** The end of a life at rest, of age or of idleness, if it has come. */
    private static Optional<SessionLife> agedOrIdle(Resting life, LifeEvent.Tick tick) {
        Duration most = tick.limits().idleTimeout();
        return aged(life, tick).or(() -> reached(life.since(), most, tick.at())
                ? Optional.of(end(life, tick.at(), new Ending(
                        Ending.Code.IDLE_TIMEOUT, "Idle for " + Durations.text(most) + ", its idle timeout.")))
                : Optional.empty());
    }

    private static boolean reached(Instant from, Duration limit, Instant now) {
        return !now.isBefore(from.plus(limit));
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    /** Its VM is on its way; {@code requests} wait for it. */
    record Provisioning(Instant createdAt, int requests) implements SessionLife {

        @Override
        public Status status() {
            return Status.PROVISIONING;
        }

        @Override
        public Instant lastActivityAt(Instant now) {
            return createdAt;
        }

        @Override
        public SessionLife next(LifeEvent event) {
            if (event instanceof LifeEvent.RequestBegan) {
                return new Provisioning(createdAt, requests + 1);
            }
            if (event instanceof LifeEvent.RequestEnded) {
                return new Provisioning(createdAt, Math.max(0, requests - 1));
            }
            if (event instanceof LifeEvent.Started started) {
                return requests > 0
                        ? new Active(createdAt, started.at(), requests, OwnWork.NONE, 0)
                        : new Idle(createdAt, started.at(), 0, Rest.NOT_ASKED);
            }
            if (event instanceof LifeEvent.Ended ended) {
                return end(this, ended.at(), ended.ending());
            }
            if (event instanceof LifeEvent.Tick tick && reached(createdAt, tick.limits().startTimeout(), tick.at())) {
                return end(this, tick.at(), Ending.startFailed(
                        "its VM was not ready within " + Durations.text(tick.limits().startTimeout()) + "."));
            }
            return this;
        }
    }

    /** A request or stream runs, or the agent says it is busy. */
    record Active(Instant createdAt, Instant lastSeen, int requests, OwnWork ownWork, int failedPings)
            implements SessionLife {

        @Override
        public Status status() {
            return Status.ACTIVE;
        }

        @Override
        public Instant lastActivityAt(Instant now) {
            return requests > 0 ? later(lastSeen, now) : lastSeen;
        }

        @Override
        public SessionLife next(LifeEvent event) {
            if (event instanceof LifeEvent.RequestBegan began) {
                return new Active(createdAt, later(lastSeen, began.at()), requests + 1, ownWork, failedPings);
            }
            if (event instanceof LifeEvent.RequestEnded ended && requests > 0) {
                return settle(later(lastSeen, ended.at()), requests - 1, ownWork, failedPings);
            }
            if (event instanceof LifeEvent.Pinged pinged) {
                return pinged(pinged);
            }
            if (event instanceof LifeEvent.Ended ended) {
                return end(this, ended.at(), ended.ending());
            }
            return event instanceof LifeEvent.Tick tick ? aged(this, tick).orElse(this) : this;
        }

        private SessionLife pinged(LifeEvent.Pinged ping) {
            return switch (ping.status()) {
                case HEALTHY -> settle(lastSeen, requests, OwnWork.NONE, 0);
                case HEALTHY_BUSY -> new Active(createdAt, later(lastSeen, ping.at()), requests, OwnWork.BUSY, 0);
                case FAILED -> failedPings + 1 >= FAILED_PINGS
                        ? end(this, ping.at(), unhealthy())
                        : new Active(createdAt, lastSeen, requests, ownWork, failedPings + 1);
            };
        }

        private SessionLife settle(Instant seen, int requests, OwnWork ownWork, int failedPings) {
            return requests > 0 || ownWork == OwnWork.BUSY
                    ? new Active(createdAt, seen, requests, ownWork, failedPings)
                    : new Idle(createdAt, seen, failedPings, Rest.NOT_ASKED);
        }
    }

    /** Nothing to do since {@code since}. */
    sealed interface Resting extends SessionLife {

        Instant since();

        @Override
        default Status status() {
            return Status.IDLE;
        }

        @Override
        default Instant lastActivityAt(Instant now) {
            return since();
        }
    }

    /** At rest, and its VM runs. */
    record Idle(Instant createdAt, Instant since, int failedPings, Rest rest) implements Resting {

        @Override
        public SessionLife next(LifeEvent event) {
            if (event instanceof LifeEvent.RequestBegan began) {
                return new Active(createdAt, later(since, began.at()), 1, OwnWork.NONE, failedPings);
            }
            if (event instanceof LifeEvent.Asked) {
                return new Idle(createdAt, since, failedPings, Rest.ASKED);
            }
            if (event instanceof LifeEvent.Pinged pinged) {
                return pinged(pinged);
            }
            if (event instanceof LifeEvent.Ended ended) {
                return end(this, ended.at(), ended.ending());
            }
            if (event instanceof LifeEvent.Tick tick) {
                return agedOrIdle(this, tick).orElseGet(() -> mayPause(tick) ? new Paused(createdAt, since) : this);
            }
            return this;
        }

        private boolean mayPause(LifeEvent.Tick tick) {
            Duration grace = tick.limits().pauseAfter();
            return rest == Rest.CONFIRMED && !grace.isZero() && reached(since, grace, tick.at());
        }

        private SessionLife pinged(LifeEvent.Pinged ping) {
            return switch (ping.status()) {
                case HEALTHY -> new Idle(createdAt, since, 0, rest == Rest.NOT_ASKED ? rest : Rest.CONFIRMED);
                case HEALTHY_BUSY -> new Active(createdAt, later(since, ping.at()), 0, OwnWork.BUSY, 0);
                case FAILED -> failedPings + 1 >= FAILED_PINGS
                        ? end(this, ping.at(), unhealthy())
                        : new Idle(createdAt, since, failedPings + 1, Rest.NOT_ASKED);
            };
        }
    }

    /** At rest, and its VM stands still. Nobody asks its agent anything; time goes on. */
    record Paused(Instant createdAt, Instant since) implements Resting {

        @Override
        public SessionLife next(LifeEvent event) {
            if (event instanceof LifeEvent.RequestBegan began) {
                return new Active(createdAt, later(since, began.at()), 1, OwnWork.NONE, 0);
            }
            if (event instanceof LifeEvent.Ended ended) {
                return end(this, ended.at(), ended.ending());
            }
            return event instanceof LifeEvent.Tick tick ? agedOrIdle(this, tick).orElse(this) : this;
        }
    }

    /** Over, for {@code ending}; nothing changes that. */
    record Terminated(Instant createdAt, Instant lastSeen, Instant at, Ending ending) implements SessionLife {

        @Override
        public Status status() {
            return Status.TERMINATED;
        }

        @Override
        public Instant lastActivityAt(Instant now) {
            return lastSeen;
        }

        @Override
        public SessionLife next(LifeEvent event) {
            return this;
        }
    }

    private static Ending unhealthy() {
        return new Ending(Ending.Code.UNHEALTHY, FAILED_PINGS + " pings in a row failed.");
    }
}
