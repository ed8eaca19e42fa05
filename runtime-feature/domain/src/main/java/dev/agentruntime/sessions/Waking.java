package dev.agentruntime.sessions;

import java.time.Instant;

/** Its VM is being resumed, or made of what is on the disk. */
record Waking(Instant createdAt, Instant lastSeen, Queue queue, Attempt resume) implements Queuing {

    static Step of(SessionLife life, Instant lastSeen, Queue queue, Instant now) {
        return Step.to(life, new Waking(life.createdAt(), lastSeen, queue, Attempt.begun(now)), new Order.Resume());
    }

    @Override
    public Waking with(Instant seen, Queue waiting) {
        return new Waking(createdAt, seen, waiting, resume);
    }

    private Waking with(Attempt attempt) {
        return new Waking(createdAt, lastSeen, queue, attempt);
    }

    @Override
    public Step nextOfItsOwn(LifeEvent event) {
        if (event instanceof LifeEvent.Woke) {
            return queue.isEmpty()
                    ? Step.to(this, new Idle(createdAt, lastSeen, 0, Rest.NOT_ASKED), Lives.READ_NOW)
                    : Step.to(this, new Active(createdAt, Lives.later(lastSeen, event.at()), queue.requests(), OwnWork.NONE, 0),
                            new Order.Serve(), Lives.READ_NOW);
        }
        return event instanceof LifeEvent.WakeFailed failed ? failed(failed) : Lives.other(this, event);
    }

    private Step failed(LifeEvent.WakeFailed failure) {
        return failure.reach() == Reach.AWAY
                ? Step.stay(with(resume.failed(failure.at(), Attempt.QUICK)))
                : Lives.end(this, failure.at(), EndReason.vmDied("it was at rest and could not be resumed: " + failure.why()));
    }

    @Override
    public Step due(Instant now) {
        return resume.isDue(now) ? Step.stay(with(resume.repeated()), new Order.Resume()) : Step.stay(this);
    }
}
