package dev.agentruntime.sessions;

import dev.agentruntime.api.Durations;
import dev.agentruntime.api.EndCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What several lives have in common. */
final class Lives {

    /** The meter of a VM that runs is read at each edge of its work, and this often in between. */
    private static final Duration SOMETIMES = Duration.ofSeconds(10);

    static final Order READ_SOMETIMES = new Order.ReadMeter(SOMETIMES);

    /**
     * An edge right after another needs no reading of its own: CPU is a sum that the kernel keeps, and memory is measured more rarely than
     * that. What has come since the last reading is in the next one; {@link #readSince} sees to it that there is one.
     */
    static final Order READ_AT_EDGE = new Order.ReadMeter(Duration.ofMillis(250));

    /** A VM that stands still uses no CPU and takes no memory; what it holds still counts, and of what is on the disk the time. */
    static final Order READ_RARELY = new Order.ReadMeter(Duration.ofMinutes(1));

    static final Order READ_NOW = new Order.ReadMeter(Duration.ZERO);

    private Lives() {}

    /** Reads where that was not done at the last edge, which was at {@code edge}, or after it; and sometimes. */
    static Order readSince(Instant edge, Instant now) {
        Duration past = Duration.between(edge, now).plusNanos(1);
        return past.compareTo(SOMETIMES) < 0 ? new Order.ReadMeter(past) : READ_SOMETIMES;
    }

    /** The end that somebody asks for, who waits for it. */
    static Step end(SessionLife life, LifeEvent.End end) {
        return end(life, end.at(), end.reason(), end.reason().refusal(), Optional.of(end.at()));
    }

    /** The end of {@code life}; those who wait for its VM are told the reason. */
    static Step end(SessionLife life, Instant now, EndReason reason) {
        return end(life, now, reason, reason.refusal());
    }

    static Step end(SessionLife life, Instant now, EndReason reason, Fault refusal) {
        return end(life, now, reason, refusal, Optional.empty());
    }

    private static Step end(SessionLife life, Instant now, EndReason reason, Fault refusal, Optional<Instant> asked) {
        return Step.to(life, new Ending(life.createdAt(), life.lastActivityAt(now), reason, Attempt.begun(now), asked),
                new Order.Tell(new News.Ended(reason)), new Order.Record(Order.Haste.AT_ONCE),
                new Order.Refuse(refusal), new Order.Destroy());
    }

    /** The end of a life as old as it may get, if it has come. */
    static Optional<Step> aged(SessionLife life, LifeEvent.Tick tick) {
        Duration most = tick.limits().maxLifetime();
        return reached(life.createdAt(), most, tick.at())
                ? Optional.of(end(life, tick.at(), new EndReason(EndCode.MAX_LIFETIME,
                        "Reached its maximum lifetime of " + Durations.text(most) + ".")))
                : Optional.empty();
    }

    /** The end of a life at rest since {@code since}, of age or of idleness, if it has come. */
    static Optional<Step> agedOrIdle(SessionLife life, Instant since, LifeEvent.Tick tick) {
        Duration most = tick.limits().idleTimeout();
        return aged(life, tick).or(() -> reached(since, most, tick.at())
                ? Optional.of(end(life, tick.at(), new EndReason(EndCode.IDLE_TIMEOUT,
                        "Idle for " + Durations.text(most) + ", its idle timeout.")))
                : Optional.empty());
    }

    /** What a life makes of an event that does not move it. */
    static Step other(SessionLife life, LifeEvent event) {
        if (event instanceof LifeEvent.Leave leave) {
            return Step.stay(new Left(life.createdAt(), life.lastActivityAt(leave.at()), life.status()),
                    new Order.Refuse(Left.refusal()), new Order.Leave());
        }
        return event instanceof LifeEvent.Read
                ? Step.stay(life, new Order.Record(Order.Haste.WITHIN_SECONDS)) : Step.stay(life);
    }

    /** What callers are told who have waited long enough for a hypervisor. */
    static Fault stillAway(String what, Duration waited) {
        return Fault.away("The session's VM is at rest and could not be " + what + " within " + Durations.text(waited)
                + ": the hypervisor does not answer, or the host has no room. The session keeps its state. Ask again in a moment.");
    }

    static boolean reached(Instant from, Duration limit, Instant now) {
        return !now.isBefore(from.plus(limit));
    }

    static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
