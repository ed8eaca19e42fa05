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
 * @param away     what the hypervisor's absence made of the last try
 */
record Starting(Instant createdAt, int requests, Optional<Attempt> start, Optional<Fault> away) implements SessionLife {

    static Starting at(Instant now) {
        return new Starting(now, 0, Optional.empty(), Optional.empty());
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
            return Step.stay(new Starting(createdAt, requests + 1, start, away));
        }
        if (event instanceof LifeEvent.RequestEnded) {
            return Step.stay(new Starting(createdAt, Math.max(0, requests - 1), start, away));
        }
        if (event instanceof LifeEvent.Leased leased && start.isEmpty()) {
            return Step.stay(trying(Attempt.begun(leased.at())), new Order.Start());
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
        return event instanceof LifeEvent.Tick tick ? tick(tick.at(), tick.limits()) : Step.stay(this);
    }

    /** A hypervisor that is away is asked again for a while; whatever else fails a start is final. */
    private Step failed(Instant now, Fault fault) {
        return fault.reach() == Reach.AWAY && start.isPresent()
                ? Step.stay(new Starting(createdAt, requests, Optional.of(start.get().failed(now, Attempt.QUICK)), Optional.of(fault)))
                : end(now, fault);
    }

    private Step end(Instant now, Fault fault) {
        return Lives.end(this, now, EndReason.startFailed(fault.sentence()), fault);
    }

    private Step tick(Instant now, Limits limits) {
        if (Lives.reached(createdAt, limits.startTimeout(), now)) {
            return Lives.end(this, now, EndReason.startFailed(
                    "its VM was not ready within " + Durations.text(limits.startTimeout()) + "."));
        }
        Optional<Attempt> waiting = start.filter(attempt -> !attempt.isUnderWay());
        if (away.isPresent() && waiting.filter(attempt -> Lives.reached(attempt.since(), limits.hypervisorTimeout(), now)).isPresent()) {
            return end(now, away.get());
        }
        return waiting.filter(attempt -> attempt.isDue(now))
                .map(attempt -> Step.stay(trying(attempt.repeated()), new Order.Start()))
                .orElseGet(() -> Step.stay(this));
    }

    private Starting trying(Attempt attempt) {
        return new Starting(createdAt, requests, Optional.of(attempt), away);
    }
}
