package dev.agentruntime.sessions;

import dev.agentruntime.api.SessionView.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** No VM serves it at the moment, and something is being done about that: requests that come meanwhile wait. Nobody asks its agent anything. */
sealed interface Queuing extends SessionLife permits Pausing, Hibernating, Forking, Waking {

    /** When work was last seen. */
    Instant lastSeen();

    /** The requests that wait. */
    Queue queue();

    /** The same with other requests that wait. */
    Queuing with(Instant seen, Queue waiting);

    /** What follows from what is being done, and from events that concern no other of these lives. */
    Step nextOfItsOwn(LifeEvent event);

    /** What is to be tried again by {@code now}. */
    default Step due(Instant now) {
        return Step.stay(this);
    }

    /** What becomes of the VM, in the words for those who have waited too long. */
    default String whatIsDone() {
        return "resumed";
    }

    @Override
    default Status status() {
        return queue().status();
    }

    @Override
    default Instant lastActivityAt(Instant now) {
        return queue().lastActivityAt(lastSeen(), now);
    }

    @Override
    default Step next(LifeEvent event) {
        if (event instanceof LifeEvent.RequestBegan began) {
            return Step.to(this, with(Lives.later(lastSeen(), began.at()), queue().joined(began.at())));
        }
        if (event instanceof LifeEvent.RequestEnded) {
            return Step.to(this, with(lastSeen(), queue().left()));
        }
        if (event instanceof LifeEvent.Died died) {
            return Lives.end(this, died.at(), EndReason.vmDied(died.how()));
        }
        if (event instanceof LifeEvent.End end) {
            return Lives.end(this, end);
        }
        return event instanceof LifeEvent.Tick tick ? ended(tick).orElseGet(() -> goOn(tick.at(), tick.limits().hypervisorTimeout())) : nextOfItsOwn(event);
    }

    /** One that somebody waits for is not idle. */
    private Optional<Step> ended(LifeEvent.Tick tick) {
        return queue().isEmpty() ? Lives.agedOrIdle(this, lastSeen(), tick) : Lives.aged(this, tick);
    }

    /** Callers wait for so long and no longer; what is being done is done all the same. */
    private Step goOn(Instant now, Duration patience) {
        boolean impatient = queue().isImpatient(patience, now);
        Step due = (impatient ? with(lastSeen(), Queue.empty(now)) : this).due(now);
        if (!impatient) {
            return due;
        }
        Step told = Step.to(this, due.life(), new Order.Refuse(Lives.stillAway(whatIsDone(), patience)));
        for (Order order : due.orders()) {
            told = told.and(order);
        }
        return told;
    }
}
