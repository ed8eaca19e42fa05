package dev.agentruntime.sessions;

import dev.agentruntime.api.SessionView.Status;
import java.time.Instant;

/** Nothing to do since {@code since}; it is on the disk and has no VM. Time goes on. */
record Hibernated(Instant createdAt, Instant since) implements SessionLife {

    @Override
    public Status status() {
        return Status.HIBERNATED;
    }

    @Override
    public Instant lastActivityAt(Instant now) {
        return since;
    }

    @Override
    public Step next(LifeEvent event) {
        if (event instanceof LifeEvent.RequestBegan began) {
            return Waking.of(this, Lives.later(since, began.at()), Queue.empty(began.at()).joined(began.at()), began.at());
        }
        if (event instanceof LifeEvent.End end) {
            return Lives.end(this, end);
        }
        return event instanceof LifeEvent.Tick tick
                ? Lives.agedOrIdle(this, since, tick).orElseGet(() -> Step.stay(this, Lives.READ_RARELY))
                : Lives.other(this, event);
    }
}
