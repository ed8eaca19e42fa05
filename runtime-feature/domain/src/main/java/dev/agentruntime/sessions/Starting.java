package dev.agentruntime.sessions;

import dev.agentruntime.api.Durations;
import dev.agentruntime.api.SessionView.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Its VM is on its way.
 *
 * @param requests how many wait for it
 * @param start    the start of the VM; empty while the agent's version is waited for
 */
record Starting(Instant createdAt, int requests, Optional<Attempt> start) implements SessionLife {

    static Starting at(Instant now) {
        return new Starting(now, 0, Optional.empty());
    }

    @Override
    public Status status() {
        return Status.PROVISIONING;
    }

    @Override
    public Instant lastActivityAt(Instant now) {
        return createdAt;
    }

    @Override
    public Step next(LifeEvent event) {
        if (event instanceof LifeEvent.RequestBegan) {
            return Step.stay(new Starting(createdAt, requests + 1, start));
        }
        if (event instanceof LifeEvent.RequestEnded) {
            return Step.stay(new Starting(createdAt, Math.max(0, requests - 1), start));
        }
        if (event instanceof LifeEvent.Leased leased && start.isEmpty()) {
            return Step.stay(new Starting(createdAt, requests, Optional.of(Attempt.begun(leased.at()))), new Order.Start());
        }
        if (event instanceof LifeEvent.Started started) {
            return Step.to(this, requests > 0
                            ? new Active(createdAt, started.at(), requests, OwnWork.NONE, 0)
                            : new Idle(createdAt, started.at(), 0, Rest.NOT_ASKED),
                    new Order.Record(Order.Haste.AT_ONCE), new Order.Tell(new News.Serves()), new Order.Serve());
        }
        if (event instanceof LifeEvent.StartFailed failed) {
            return failed(failed.at(), failed.fault());
        }
        if (event instanceof LifeEvent.End end) {
            return Lives.end(this, end);
        }
        return event instanceof LifeEvent.Tick tick ? tick(tick.at(), tick.limits().startTimeout()) : Step.stay(this);
    }

    /** A hypervisor that is away is asked again for a while; whatever else fails a start is final. */
    private Step failed(Instant now, Fault fault) {
        if (fault.reach() == Reach.AWAY && start.isPresent() && !Lives.reached(start.get().since(), PATIENCE, now)) {
            return Step.stay(new Starting(createdAt, requests, Optional.of(start.get().failed(now, Attempt.QUICK))));
        }
        return Lives.end(this, now, EndReason.startFailed(fault.sentence()), fault);
    }

    private Step tick(Instant now, Duration startTimeout) {
        if (Lives.reached(createdAt, startTimeout, now)) {
            return Lives.end(this, now, EndReason.startFailed(
                    "its VM was not ready within " + Durations.text(startTimeout) + "."));
        }
        return start.filter(attempt -> attempt.isDue(now))
                .map(attempt -> Step.stay(new Starting(createdAt, requests, Optional.of(attempt.repeated())), new Order.Start()))
                .orElseGet(() -> Step.stay(this));
    }
}
