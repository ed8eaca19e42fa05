package dev.agentruntime.sessions;

import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.SessionView.Status;
import java.time.Duration;
import java.time.Instant;

/** Nothing to do since {@code since}, and its VM runs. */
record Idle(Instant createdAt, Instant since, int failedPings, Rest rest) implements Serving {

    @Override
    public Status status() {
        return Status.IDLE;
    }

    @Override
    public Instant lastActivityAt(Instant now) {
        return since;
    }

    @Override
    public Step next(LifeEvent event) {
        if (event instanceof LifeEvent.RequestBegan began) {
            return Step.to(this, new Active(createdAt, Lives.later(since, began.at()), 1, OwnWork.NONE, failedPings),
                    new Order.Serve(), Lives.READ_AT_EDGE);
        }
        if (event instanceof LifeEvent.Asked) {
            return Step.stay(new Idle(createdAt, since, failedPings, Rest.ASKED));
        }
        if (event instanceof LifeEvent.Pinged pinged) {
            return pinged(pinged);
        }
        if (event instanceof LifeEvent.ForkAsked asked) {
            return Forking.of(this, since, asked.at());
        }
        if (event instanceof LifeEvent.HibernateAsked asked && rest == Rest.CONFIRMED) {
            return Hibernating.of(this, since, 0, asked.at());
        }
        if (event instanceof LifeEvent.Died died) {
            return Lives.end(this, died.at(), EndReason.vmDied(died.how()));
        }
        if (event instanceof LifeEvent.End end) {
            return Lives.end(this, end);
        }
        return event instanceof LifeEvent.Tick tick
                ? Lives.agedOrIdle(this, since, tick).orElseGet(() -> rested(tick))
                : Lives.other(this, event);
    }

    private Step rested(LifeEvent.Tick tick) {
        Duration grace = tick.limits().pauseAfter();
        return rest == Rest.CONFIRMED && !grace.isZero() && Lives.reached(since, grace, tick.at())
                ? Step.stay(new Pausing(createdAt, since, Queue.empty(tick.at()), Attempt.begun(tick.at())), new Order.Pause())
                : Step.stay(this, Lives.readSince(since, tick.at()));
    }

    @Override
    public SessionLife afterPing(Instant at, PingStatus status) {
        return switch (status) {
            case HEALTHY -> new Idle(createdAt, since, 0, rest == Rest.NOT_ASKED ? rest : Rest.CONFIRMED);
            case HEALTHY_BUSY -> new Active(createdAt, Lives.later(since, at), 0, OwnWork.BUSY, 0);
            case FAILED -> new Idle(createdAt, since, failedPings + 1, Rest.NOT_ASKED);
        };
    }
}
