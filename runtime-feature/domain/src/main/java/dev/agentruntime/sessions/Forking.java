package dev.agentruntime.sessions;

import dev.agentruntime.api.SessionView.Status;
import java.time.Duration;
import java.time.Instant;

/**
 * Its VM stands still for as long as it takes to write down what others are to begin with.
 *
 * @param lastSeen when work was last seen
 * @param queue    requests that came meanwhile and wait until the VM runs again
 */
record Forking(Instant createdAt, Instant lastSeen, Queue queue) implements SessionLife {

    static Step of(SessionLife life, Instant lastSeen, Instant now) {
        return Step.to(life, new Forking(life.createdAt(), lastSeen, Queue.empty(now)), new Order.Fork());
    }

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
            return Step.to(this, new Forking(createdAt, Lives.later(lastSeen, began.at()), queue.joined(began.at())));
        }
        if (event instanceof LifeEvent.RequestEnded) {
            return Step.to(this, new Forking(createdAt, lastSeen, queue.left()));
        }
        if (event instanceof LifeEvent.Forked forked) {
            return Waking.of(this, lastSeen, queue, forked.at());
        }
        if (event instanceof LifeEvent.Died died) {
            return Lives.end(this, died.at(), EndReason.vmDied(died.how()));
        }
        if (event instanceof LifeEvent.End end) {
            return Lives.end(this, end);
        }
        return event instanceof LifeEvent.Tick tick
                ? Lives.aged(this, lastSeen, queue, tick).orElseGet(() -> tick(tick.at(), tick.limits().hypervisorTimeout())) : Lives.other(this, event);
    }

    private Step tick(Instant now, Duration patience) {
        return queue.isImpatient(patience, now)
                ? Step.to(this, new Forking(createdAt, lastSeen, Queue.empty(now)), new Order.Refuse(Lives.stillAway("resumed", patience)))
                : Step.stay(this);
    }
}
