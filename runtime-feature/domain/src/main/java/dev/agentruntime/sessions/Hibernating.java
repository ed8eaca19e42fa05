package dev.agentruntime.sessions;

import dev.agentruntime.api.SessionView.Status;
import java.time.Duration;
import java.time.Instant;

/**
 * Its VM, which stands still, is being written to the disk and then destroyed.
 *
 * @param lastSeen when work was last seen
 * @param queue    requests that came meanwhile and wait until a VM runs again
 * @param failures times in a row that this did not succeed
 */
record Hibernating(Instant createdAt, Instant lastSeen, Queue queue, Attempt writing, int failures) implements SessionLife {

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
            return Step.to(this, with(Lives.later(lastSeen, began.at()), queue.joined(began.at()), writing));
        }
        if (event instanceof LifeEvent.RequestEnded) {
            return Step.to(this, with(lastSeen, queue.left(), writing));
        }
        if (event instanceof LifeEvent.Hibernated done) {
            return queue.isEmpty()
                    ? Step.to(this, new Hibernated(createdAt, lastSeen), new Order.Record(Order.Haste.AT_ONCE)) : wake(done.at());
        }
        if (event instanceof LifeEvent.NotHibernated not) {
            return queue.isEmpty()
                    ? Step.to(this, new Paused(createdAt, lastSeen, Retry.after(failures + 1, not.at()))) : wake(not.at());
        }
        if (event instanceof LifeEvent.NotDestroyed failed) {
            return Step.stay(with(lastSeen, queue, writing.failed(failed.at(), Attempt.QUICK)));
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

    private Hibernating with(Instant seen, Queue waiting, Attempt attempt) {
        return new Hibernating(createdAt, seen, waiting, attempt, failures);
    }

    private Step wake(Instant now) {
        return Waking.of(this, lastSeen, queue, now);
    }

    /** What is on the disk already is kept; only the VM's end is tried again. */
    private Step tick(Instant now, Duration patience) {
        boolean due = writing.isDue(now);
        boolean impatient = queue.isImpatient(patience, now);
        if (!due && !impatient) {
            return Step.stay(this);
        }
        Step step = Step.to(this, with(lastSeen, impatient ? Queue.empty(now) : queue, due ? writing.repeated() : writing));
        Step told = impatient ? step.and(new Order.Refuse(Lives.stillAway("resumed", patience))) : step;
        return due ? told.and(new Order.Hibernate()) : told;
    }
}
