package dev.agentruntime.sessions;

import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionView.Status;
import java.time.Instant;

/** Over, for {@code reason}, and nothing of its VM is left. */
record Gone(Instant createdAt, Instant lastSeen, EndReason reason) implements SessionLife {

    @Override
    public Status status() {
        return Status.TERMINATED;
    }

    @Override
    public Instant lastActivityAt(Instant now) {
        return lastSeen;
    }

    /** A version that comes too late is let go of; who asks too late is told so. */
    @Override
    public Step next(LifeEvent event) {
        if (event instanceof LifeEvent.RequestBegan) {
            return Step.stay(this, new Order.Refuse(Fault.of(Kind.RETRYABLE_CONFLICT,
                    "The session has just ended. Ask again to begin it anew.")));
        }
        if (event instanceof LifeEvent.End) {
            return Step.stay(this, new Order.Tell(new News.IsGone()));
        }
        return event instanceof LifeEvent.Leased ? Step.stay(this, new Order.Release()) : Step.stay(this);
    }
}
