package dev.agentruntime.sessions;

import dev.agentruntime.api.PingStatus;
import java.time.Instant;

/**
 * What can happen to a session. Every time is of the platform's steady clock, which no correction of the wall clock
 * moves.
 */
sealed interface LifeEvent {

    Instant at();

    /** A request was accepted; it may still have to wait for the VM. */
    record RequestBegan(Instant at) implements LifeEvent {}

    /** A request or its stream ended. */
    record RequestEnded(Instant at) implements LifeEvent {}

    /** The agent's version is there and stays until the session has gone. */
    record Leased(Instant at) implements LifeEvent {}

    /** The VM has confirmed its beginning and can serve. */
    record Started(Instant at) implements LifeEvent {}

    /** There is no VM for it. */
    record StartFailed(Instant at, Fault fault) implements LifeEvent {}

    /** The agent is about to be asked how it is. */
    record Asked(Instant at) implements LifeEvent {}

    /**
     * The agent was asked how it is.
     *
     * @param said its answer in short, for people
     */
    record Pinged(Instant at, PingStatus status, String said) implements LifeEvent {}

    /** The VM stands still. */
    record PauseDone(Instant at) implements LifeEvent {}

    /** The VM may stand still or not. */
    record PauseFailed(Instant at, Reach reach) implements LifeEvent {}

    /** It is on the disk, and its VM is gone. */
    record Hibernated(Instant at) implements LifeEvent {}

    /** It is not on the disk, and its VM stands still as before. */
    record NotHibernated(Instant at, Fault why) implements LifeEvent {}

    /** Somebody wants it on the disk, whether or not it has rested for long. */
    record HibernateAsked(Instant at) implements LifeEvent {}

    /** Somebody wants sessions that begin with the memory of this one. */
    record ForkAsked(Instant at) implements LifeEvent {}

    /** It is written down for them, or they are refused; the VM may stand still or not. */
    record Forked(Instant at) implements LifeEvent {}

    /** The VM runs again. */
    record Woke(Instant at) implements LifeEvent {}

    /** The VM does not run again, or it is not known whether it does. */
    record WakeFailed(Instant at, Reach reach, String why) implements LifeEvent {}

    /** The meter was read. */
    record Read(Instant at) implements LifeEvent {}

    /** The VM ended by itself. */
    record Died(Instant at, String how) implements LifeEvent {}

    /** Somebody from outside ends the session. */
    record End(Instant at, EndReason reason) implements LifeEvent {}

    /** The server stops and leaves the session to its next run. */
    record Leave(Instant at) implements LifeEvent {}

    /** The VM is left to the server's next run. */
    record Departed(Instant at) implements LifeEvent {}

    /** The VM is proven gone, and its last reading is taken. */
    record Destroyed(Instant at) implements LifeEvent {}

    /** Something of the VM is left. */
    record NotDestroyed(Instant at, Reach reach, String why) implements LifeEvent {}

    /** Time went by; the limits are those configured now. */
    record Tick(Instant at, Limits limits) implements LifeEvent {}
}
