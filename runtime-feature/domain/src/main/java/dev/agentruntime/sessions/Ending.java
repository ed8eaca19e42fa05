package dev.agentruntime.sessions;

import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionView.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Over, for {@code reason}, which nothing changes; its VM is being destroyed until it is proven gone.
 *
 * @param destruction the destruction of its VM
 * @param asked       when somebody first asked for the end that has not been told how it went
 */
record Ending(Instant createdAt, Instant lastSeen, EndReason reason, Attempt destruction, Optional<Instant> asked)
        implements SessionLife {

    @Override
    public Status status() {
        return Status.TERMINATED;
    }

    @Override
    public Instant lastActivityAt(Instant now) {
        return lastSeen;
    }

    @Override
    public Step next(LifeEvent event) {
        if (event instanceof LifeEvent.RequestBegan) {
            return Step.stay(this, new Order.Refuse(Fault.of(Kind.RETRYABLE_CONFLICT,
                    "The session is being ended. Ask again in a moment to begin it anew.")));
        }
        if (event instanceof LifeEvent.End end) {
            return Step.stay(new Ending(createdAt, lastSeen, reason, destruction, asked.or(() -> Optional.of(end.at()))));
        }
        if (event instanceof LifeEvent.Destroyed) {
            return Step.to(this, new Gone(createdAt, lastSeen, reason), new Order.Record(Order.Haste.AT_ONCE),
                    new Order.Tell(new News.Closed()), new Order.Tell(new News.IsGone()), new Order.Release());
        }
        if (event instanceof LifeEvent.NotDestroyed failed) {
            return failed(failed);
        }
        return event instanceof LifeEvent.Tick tick ? tick(tick.at(), tick.limits().hypervisorTimeout()) : Step.stay(this);
    }

    private Step failed(LifeEvent.NotDestroyed failure) {
        Attempt next = destruction.failed(failure.at(), failure.reach() == Reach.AWAY ? Attempt.QUICK : Attempt.SLOW);
        return failure.reach() == Reach.AWAY
                ? Step.stay(new Ending(createdAt, lastSeen, reason, next, asked))
                : Step.stay(new Ending(createdAt, lastSeen, reason, next, Optional.empty()),
                        new Order.Tell(new News.IsNotGone(Fault.of(Kind.PLATFORM,
                                "The session was ended, but its VM could not be destroyed yet: " + failure.why()))));
    }

    private Step tick(Instant now, Duration patience) {
        boolean due = destruction.isDue(now);
        boolean tell = destruction.failures() > 0 && asked.filter(since -> Lives.reached(since, patience, now)).isPresent();
        if (!due && !tell) {
            return Step.stay(this);
        }
        Step step = Step.stay(new Ending(createdAt, lastSeen, reason, due ? destruction.repeated() : destruction,
                tell ? Optional.empty() : asked));
        Step told = tell ? step.and(new Order.Tell(new News.IsNotGone(Fault.away("The session was ended, but the hypervisor"
                + " does not answer, so that its VM is not destroyed yet. Ask again in a moment.")))) : step;
        return due ? told.and(new Order.Destroy()) : told;
    }
}
