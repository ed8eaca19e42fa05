package dev.agentruntime.sessions;

import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionView.Status;
import java.time.Instant;

/** Left to the next run of the server, with its VM; of this run's hands nothing touches it any more. */
record Left(Instant createdAt, Instant lastSeen, Status status) implements SessionLife {

    @Override
    public Instant lastActivityAt(Instant now) {
        return lastSeen;
    }

    static Fault refusal() {
        return Fault.of(Kind.UNAVAILABLE, "The server is being stopped. The session goes on when it has started again. Ask again then.");
    }

    @Override
    public Step next(LifeEvent event) {
        if (event instanceof LifeEvent.RequestBegan) {
            return Step.stay(this, new Order.Refuse(refusal()));
        }
        if (event instanceof LifeEvent.End) {
            return Step.stay(this, new Order.Tell(new News.IsNotGone(refusal())));
        }
        return event instanceof LifeEvent.Departed
                ? Step.stay(this, new Order.Record(Order.Haste.AT_ONCE), new Order.Tell(new News.IsGone()))
                : Step.stay(this);
    }
}
