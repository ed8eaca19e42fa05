package dev.agentruntime.sessions;

import dev.agentruntime.api.SessionView.Status;
import java.time.Instant;

/**
 * Where a session is in its life, and what follows from what happens to it. Immutable and free of side effects: whoever
 * holds a life applies events to it and carries out the orders. The table of states is docs/session-life.md.
 */
sealed interface SessionLife permits Starting, Serving, Queuing, Paused, Hibernated, Left, Ending, Gone {

    /** Failed pings in a row that end a session. */
    int FAILED_PINGS = 3;

    Instant createdAt();

    /** What callers are shown. */
    Status status();

    /** When work was last seen, if it is {@code now}. */
    Instant lastActivityAt(Instant now);

    /** The life after {@code event}, and what is to be done. */
    Step next(LifeEvent event);

    /** Whether its VM runs and takes requests. */
    default boolean serves() {
        return this instanceof Serving;
    }

    /** Whether nothing but its VM's end is left of it. */
    default boolean isOver() {
        return this instanceof Ending || this instanceof Gone;
    }

    /** Whether a VM has begun it, so that a later run of the server can go on with that VM, or with what is on the disk of it. */
    default boolean mayBeLeft() {
        return !isOver() && !(this instanceof Starting);
    }

    /**
     * A session of an earlier run that goes on, its VM running, and its first orders. It counts as one that works until its agent has said
     * that it does not.
     *
     * @param lastSeen when work was last seen
     */
    static Step goOn(Instant createdAt, Instant lastSeen) {
        return Step.stay(new Active(createdAt, lastSeen, 0, OwnWork.UNKNOWN, 0), new Order.Tell(new News.GoesOn()),
                new Order.Record(Order.Haste.AT_ONCE), Lives.READ_NOW, new Order.Tell(new News.AtRest()));
    }

    /** A session that an earlier run has put on the disk stays there, and its first orders. */
    static Step restOn(Hibernated life) {
        return Step.stay(life, new Order.Tell(new News.GoesOn()), new Order.Record(Order.Haste.AT_ONCE));
    }

    /** A new session and its first orders. */
    static Step begin(Instant now) {
        return Step.stay(Starting.at(now), new Order.Tell(new News.Began()),
                new Order.Record(Order.Haste.AT_ONCE), new Order.Lease());
    }
}
