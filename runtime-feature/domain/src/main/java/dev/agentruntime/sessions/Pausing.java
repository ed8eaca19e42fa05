package dev.agentruntime.sessions;

import dev.agentruntime.api.SessionView.Status;
import java.time.Duration;
import java.time.Instant;

/**
 * Its VM is being paused, and may stand still already. Nobody asks its agent anything.
 *
 * @param lastSeen when work was last seen
 * @param queue    requests that came meanwhile and wait until the VM runs again
 */
record Pausing(Instant createdAt, Instant lastSeen, Queue queue, Attempt pause) implements SessionLife {

    @Override
    public Status status() {
        return queue.status();
    }

    @Override
    public Instant lastActivityAt(Instant now) {
        return queue.lastActivityAt(lastSeen, now);
    }

    @Override
    public Step next(LifeEvent event) {
        if (event instanceof LifeEvent.RequestBegan began) {
            Pausing after = new Pausing(createdAt, Lives.later(lastSeen, began.at()), queue.joined(began.at()), pause);
            return pause.isUnderWay() ? Step.to(this, after) : after.wake(this, began.at());
        }
        if (event instanceof LifeEvent.RequestEnded) {
            return Step.to(this, new Pausing(createdAt, lastSeen, queue.left(), pause));
        }
        if (event instanceof LifeEvent.PauseDone done) {
            return queue.isEmpty() ? Step.to(this, new Paused(createdAt, lastSeen, Retry.atOnce()), Lives.READ_NOW) : wake(this, done.at());
        }
        if (event instanceof LifeEvent.PauseFailed failed) {
            return failed(failed.at(), failed.reach());
        }
        if (event instanceof LifeEvent.Died died) {
            return Lives.end(this, died.at(), EndReason.vmDied(died.how()));
        }
        if (event instanceof LifeEvent.End end) {
            return Lives.end(this, end);
        }
        return event instanceof LifeEvent.Tick tick
                ? Lives.aged(this, lastSeen, queue, tick).orElseGet(() -> tick(tick.at(), tick.limits().hypervisorTimeout()))
                : Lives.other(this, event);
    }

    /** It is not known whether the VM stands still; to resume one that runs does no harm. */
    private Step wake(SessionLife before, Instant now) {
        return Waking.of(before, lastSeen, queue, now);
    }

    /** A VM that cannot be paused is made sure to run, and its agent is asked again. */
    private Step failed(Instant now, Reach reach) {
        return queue.isEmpty() && reach == Reach.AWAY
                ? Step.stay(new Pausing(createdAt, lastSeen, queue, pause.failed(now, Attempt.QUICK)))
                : wake(this, now);
    }

    private Step tick(Instant now, Duration patience) {
        if (queue.isImpatient(patience, now)) {
            return Step.to(this, new Pausing(createdAt, lastSeen, Queue.empty(now), pause),
                    new Order.Refuse(Lives.stillAway("paused", patience)));
        }
        return pause.isDue(now)
                ? Step.stay(new Pausing(createdAt, lastSeen, queue, pause.repeated()), new Order.Pause())
                : Step.stay(this);
    }
}
