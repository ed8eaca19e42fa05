package dev.agentruntime.egress;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What one session may still do. Thread-safe. */
final class Quota {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<EgressSettings.Limits> limits;
    private final AgentLoad agent;
    private final LongSupplier nanoTime;
    private int connections;
    private double tickets;
    private long ticketsAt;
    private long bytes;
    /** How long it takes at the allowed pace to move what was moved already: the time at which the session is even again. */
    private long evenAt;

    Quota(Supplier<EgressSettings.Limits> limits, AgentLoad agent, LongSupplier nanoTime) {
        this.limits = limits;
        this.agent = agent;
        this.nanoTime = nanoTime;
        this.tickets = limits.get().perSecond();
        this.ticketsAt = nanoTime.getAsLong();
        this.evenAt = ticketsAt;
    }

    /** Takes a place for a connection; empty when there was one. Whoever got it calls {@link #closed}. */
    synchronized Optional<Refusal> open() {
        EgressSettings.Limits now = limits.get();
        Optional<Refusal> spent = spent(now, agent.spend(0));
        if (spent.isPresent()) {
            return spent;
        }
        if (connections >= now.sessionConnections()) {
            return limit("maxConnectionsPerSession", now.sessionConnections(), "connections of one session are open at once");
        }
        if (!ticket(now.perSecond())) {
            return limit("newConnectionsPerSecond", now.perSecond(), "connections of one session begin in a second");
        }
        if (!agent.open(now.agentConnections())) {
            return limit("maxConnectionsPerAgent", now.agentConnections(), "connections of one agent are open at once");
        }
        connections++;
        return Optional.empty();
    }

    /** Takes place in the pace for one more connection outwards, of a guest's connection that has had one; empty when there was. */
    synchronized Optional<Refusal> another() {
        EgressSettings.Limits now = limits.get();
        return ticket(now.perSecond()) ? Optional.empty()
                : limit("newConnectionsPerSecond", now.perSecond(), "connections of one session begin in a second");
    }

    /** The session has ended. */
    void left() {
        agent.left();
    }

    synchronized void closed() {
        connections--;
        agent.closed();
    }

    /** Counts what was moved; a refusal when that is more than may be. */
    synchronized Optional<Refusal> spend(long moved) {
        EgressSettings.Limits now = limits.get();
        bytes += moved;
        evenAt = Math.max(evenAt, nanoTime.getAsLong() - SECOND / 10) + (long) ((double) moved / now.bytesPerSecond() * SECOND);
        return spent(now, agent.spend(moved));
    }

    /** For how many nanoseconds the session has to rest before it moves more; 0 or less for not at all. */
    synchronized long restNanos() {
        return evenAt - nanoTime.getAsLong();
    }

    private Optional<Refusal> spent(EgressSettings.Limits now, long ofAgent) {
        if (bytes > now.sessionBytes()) {
            return limit("maxBytesPerSession", now.sessionBytes(), "bytes pass in and out of one session");
        }
        if (ofAgent > now.agentBytesPerHour()) {
            return limit("maxBytesPerAgentAndHour", now.agentBytesPerHour(), "bytes pass in and out of all sessions of one agent in an hour");
        }
        return Optional.empty();
    }

    private boolean ticket(int perSecond) {
        long now = nanoTime.getAsLong();
        tickets = Math.min(perSecond, tickets + (double) (now - ticketsAt) / SECOND * perSecond);
        ticketsAt = now;
        if (tickets < 1) {
            return false;
        }
        tickets--;
        return true;
    }

    private static Optional<Refusal> limit(String setting, long value, String what) {
        return Optional.of(Refusal.limited("No more than " + value + " " + what + ": " + setting + " of <" + EgressSettings.ELEMENT
                + "> in server.xml."));
    }
}
