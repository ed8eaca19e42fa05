package dev.agentruntime.sessions;

import java.time.Instant;

/**
 * Its VM is being paused where it does not stand still yet, then written to the disk, then destroyed.
 *
 * @param failures times in a row that this did not succeed
 */
record Hibernating(Instant createdAt, Instant lastSeen, Queue queue, Attempt writing, int failures) implements Queuing {

    /** @param failures as above, before this */
    static Step of(SessionLife life, Instant lastSeen, int failures, Instant now) {
        return Step.to(life, new Hibernating(life.createdAt(), lastSeen, Queue.empty(now), Attempt.begun(now), failures), new Order.Hibernate());
    }

    @Override
    public Hibernating with(Instant seen, Queue waiting) {
        return new Hibernating(createdAt, seen, waiting, writing, failures);
    }

    private Hibernating with(Attempt attempt) {
        return new Hibernating(createdAt, lastSeen, queue, attempt, failures);
    }

    @Override
    public Step nextOfItsOwn(LifeEvent event) {
        if (event instanceof LifeEvent.Hibernated) {
            return queue.isEmpty() ? Step.to(this, new Hibernated(createdAt, lastSeen), new Order.Record(Order.Haste.AT_ONCE)) : wake(event.at());
        }
        if (event instanceof LifeEvent.NotHibernated) {
            return queue.isEmpty() ? Step.to(this, new Paused(createdAt, lastSeen, Retry.after(failures + 1, event.at()))) : wake(event.at());
        }
        if (event instanceof LifeEvent.PauseFailed) { // It may stand still or not.
            return wake(event.at());
        }
        return event instanceof LifeEvent.NotDestroyed ? Step.stay(with(writing.failed(event.at(), Attempt.QUICK))) : Lives.other(this, event);
    }

    private Step wake(Instant now) {
        return Waking.of(this, lastSeen, queue, now);
    }

    /** What is on the disk already is kept; only the VM's end is tried again. */
    @Override
    public Step due(Instant now) {
        return writing.isDue(now) ? Step.stay(with(writing.repeated()), new Order.Hibernate()) : Step.stay(this);
    }
}
