package dev.agentruntime.sessions;

import dev.agentruntime.api.SessionView.Status;
import java.time.Duration;
import java.time.Instant;

/**
 * Its VM is being resumed, or made of what is on the disk. Nobody asks its agent anything.
 *
 * @param lastSeen when work was last seen
 * @param queue    requests that wait for the VM
 */
record Waking(Instant createdAt, Instant lastSeen, Queue queue, Attempt resume) implements SessionLife {

    static Step of(SessionLife life, Instant lastSeen, Queue queue, Instant now) {
        return Step.to(life, new Waking(life.createdAt(), lastSeen, queue, Attempt.begun(now)), new Order.Resume());
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
            return Step.to(this, new Waking(createdAt, Lives.later(lastSeen, began.at()), queue.joined(began.at()), resume));
        }
        if (event instanceof LifeEvent.RequestEnded) {
            return Step.to(this, new Waking(createdAt, lastSeen, queue.left(), resume));
        }
        if (event instanceof LifeEvent.Woke woke) {
            return queue.isEmpty()
                    ? Step.to(this, new Idle(createdAt, lastSeen, 0, Rest.NOT_ASKED), Lives.READ_NOW)
                    : Step.to(this, new Active(createdAt, Lives.later(lastSeen, woke.at()), queue.requests(), OwnWork.NONE, 0),
                            new Order.Serve(), Lives.READ_NOW);
        }
        if (event instanceof LifeEvent.WakeFailed failed) {
            return failed(failed);
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

    private Step failed(LifeEvent.WakeFailed failure) {
        return failure.reach() == Reach.AWAY
                ? Step.stay(new Waking(createdAt, lastSeen, queue, resume.failed(failure.at(), Attempt.QUICK)))
                : Lives.end(this, failure.at(),
                        EndReason.vmDied("it was at rest and could not be resumed: " + failure.why()));
    }

    /** Callers wait so long and no longer; the session goes on being woken. */
    private Step tick(Instant now, Duration patience) {
        boolean due = resume.isDue(now);
        boolean impatient = queue.isImpatient(patience, now);
        if (!due && !impatient) {
            return Step.stay(this);
        }
        Step step = Step.to(this, new Waking(createdAt, lastSeen, impatient ? Queue.empty(now) : queue,
                due ? resume.repeated() : resume));
        Step told = impatient ? step.and(new Order.Refuse(Lives.stillAway("resumed", patience))) : step;
        return due ? told.and(new Order.Resume()) : told;
    }
}
