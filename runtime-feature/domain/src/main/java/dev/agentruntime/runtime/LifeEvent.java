package dev.agentruntime.runtime;

import dev.agentruntime.api.PingStatus;
import java.time.Instant;

/** What can happen to a session. Every time is the platform's own clock's. */
sealed interface LifeEvent {

    Instant at();

    /** The VM has confirmed its beginning and can serve. */
    record Started(Instant at) implements LifeEvent {}

    /** A request was accepted; it may still have to wait for the VM. */
    record RequestBegan(Instant at) implements LifeEvent {}

    /** A request or its stream ended. */
    record RequestEnded(Instant at) implements LifeEvent {}

    /** The agent is about to be asked how it is. */
    record Asked(Instant at) implements LifeEvent {}

    /** The agent was asked how it is. */
    record Pinged(Instant at, PingStatus status) implements LifeEvent {}

    /** Time went by; the limits are those configured now. */
    record Tick(Instant at, Limits limits) implements LifeEvent {}

    /** Something from outside ends the session: a stop, a death, a failed start. */
    record Ended(Instant at, Ending ending) implements LifeEvent {}
}
