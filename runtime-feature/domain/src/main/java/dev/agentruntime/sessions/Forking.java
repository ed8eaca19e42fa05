package dev.agentruntime.sessions;

import java.time.Instant;

/** Its VM stands still for as long as it takes to write down what others are to begin with. */
record Forking(Instant createdAt, Instant lastSeen, Queue queue) implements Queuing {

    static Step of(SessionLife life, Instant lastSeen, Instant now) {
        return Step.to(life, new Forking(life.createdAt(), lastSeen, Queue.empty(now)), new Order.Fork());
    }

    @Override
    public Forking with(Instant seen, Queue waiting) {
        return new Forking(createdAt, seen, waiting);
    }

    @Override
    public Step nextOfItsOwn(LifeEvent event) {
        return event instanceof LifeEvent.Forked ? Waking.of(this, lastSeen, queue, event.at()) : Lives.other(this, event);
    }
}
