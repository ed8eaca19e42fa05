package dev.agentruntime.sessions;

import java.time.Instant;

/** Its VM is being paused, and may stand still already. */
record Pausing(Instant createdAt, Instant lastSeen, Queue queue, Attempt pause) implements Queuing {

    @Override
    public Pausing with(Instant seen, Queue waiting) {
        return new Pausing(createdAt, seen, waiting, pause);
    }

    /** It is not known whether a VM stands still whose pause is to be tried again; to resume one that runs does no harm. */
    @Override
    public Step next(LifeEvent event) {
        return event instanceof LifeEvent.RequestBegan && !pause.isUnderWay()
                ? Waking.of(this, Lives.later(lastSeen, event.at()), queue.joined(event.at()), event.at()) : Queuing.super.next(event);
    }

    @Override
    public Step nextOfItsOwn(LifeEvent event) {
        if (event instanceof LifeEvent.PauseDone) {
            return queue.isEmpty() ? Step.to(this, new Paused(createdAt, lastSeen, Retry.atOnce()), Lives.READ_NOW) : wake(event.at());
        }
        return event instanceof LifeEvent.PauseFailed failed ? failed(failed.at(), failed.reach()) : Lives.other(this, event);
    }

    /** A VM that cannot be paused is made sure to run, and its agent is asked again. */
    private Step failed(Instant now, Reach reach) {
        return queue.isEmpty() && reach == Reach.AWAY
                ? Step.stay(new Pausing(createdAt, lastSeen, queue, pause.failed(now, Attempt.QUICK))) : wake(now);
    }

    private Step wake(Instant now) {
        return Waking.of(this, lastSeen, queue, now);
    }

    @Override
    public Step due(Instant now) {
        return pause.isDue(now) ? Step.stay(new Pausing(createdAt, lastSeen, queue, pause.repeated()), new Order.Pause()) : Step.stay(this);
    }

    @Override
    public String whatIsDone() {
        return "paused";
    }
}
