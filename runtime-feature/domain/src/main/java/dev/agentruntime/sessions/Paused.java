package dev.agentruntime.sessions;

import dev.agentruntime.api.SessionView.Status;
import java.time.Duration;
import java.time.Instant;

/**
 * Nothing to do since {@code since}, and its VM stands still. Nobody asks its agent anything; time goes on.
 *
 * @param hibernation from when on it may be put on the disk
 */
record Paused(Instant createdAt, Instant since, Retry hibernation) implements SessionLife {

    @Override
    public Status status() {
        return Status.IDLE;
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
        if (event instanceof LifeEvent.ForkAsked asked) {
            return Forking.of(this, since, asked.at());
        }
        if (event instanceof LifeEvent.HibernateAsked asked) {
            return Hibernating.of(this, since, hibernation.failures(), asked.at());
        }
        if (event instanceof LifeEvent.Died died) {
            return Lives.end(this, died.at(), EndReason.vmDied(died.how()));
        }
        if (event instanceof LifeEvent.End end) {
            return Lives.end(this, end);
        }
        return event instanceof LifeEvent.Tick tick
                ? Lives.agedOrIdle(this, since, tick).orElseGet(() -> rested(tick))
                : Lives.other(this, event);
    }

    private Step rested(LifeEvent.Tick tick) {
        Duration after = tick.limits().hibernateAfter();
        return !after.isZero() && Lives.reached(since, after, tick.at()) && hibernation.isDue(tick.at())
                ? Hibernating.of(this, since, hibernation.failures(), tick.at())
                : Step.stay(this, Lives.READ_RARELY);
    }
}
