package dev.agentruntime.sessions;

import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.SessionView.Status;
import java.time.Instant;

/** A request or stream runs, or the agent says it is busy. */
record Active(Instant createdAt, Instant lastSeen, int requests, OwnWork ownWork, int failedPings) implements Serving {

    @Override
    public Status status() {
        return Status.ACTIVE;
    }

    @Override
    public Instant lastActivityAt(Instant now) {
        return requests > 0 ? Lives.later(lastSeen, now) : lastSeen;
    }

    @Override
    public Step next(LifeEvent event) {
        if (event instanceof LifeEvent.RequestBegan began) {
            return Step.stay(new Active(createdAt, Lives.later(lastSeen, began.at()), requests + 1, ownWork, failedPings),
                    new Order.Serve(), Lives.READ_AT_EDGE);
        }
        if (event instanceof LifeEvent.RequestEnded ended && requests > 0) {
            SessionLife after = settle(Lives.later(lastSeen, ended.at()), requests - 1, ownWork, failedPings);
            return after instanceof Idle
                    ? Step.to(this, after, new Order.Tell(new News.AtRest()), Lives.READ_AT_EDGE)
                    : Step.to(this, after, Lives.READ_AT_EDGE);
        }
        if (event instanceof LifeEvent.Pinged pinged) {
            return pinged(pinged);
        }
        if (event instanceof LifeEvent.Died died) {
            return Lives.end(this, died.at(), EndReason.vmDied(died.how()));
        }
        if (event instanceof LifeEvent.End end) {
            return Lives.end(this, end);
        }
        return event instanceof LifeEvent.Tick tick
                ? Lives.aged(this, tick).orElseGet(() -> Step.stay(this, Lives.READ_SOMETIMES))
                : Lives.other(this, event);
    }

    @Override
    public SessionLife afterPing(Instant at, PingStatus status) {
        return switch (status) {
            case HEALTHY -> settle(lastSeen, requests, OwnWork.NONE, 0);
            case HEALTHY_BUSY -> new Active(createdAt, Lives.later(lastSeen, at), requests, OwnWork.BUSY, 0);
            case FAILED -> new Active(createdAt, lastSeen, requests, ownWork, failedPings + 1);
        };
    }

    private SessionLife settle(Instant seen, int requests, OwnWork ownWork, int failedPings) {
        return requests > 0 || ownWork != OwnWork.NONE
                ? new Active(createdAt, seen, requests, ownWork, failedPings)
                : new Idle(createdAt, seen, failedPings, Rest.NOT_ASKED);
    }
}
