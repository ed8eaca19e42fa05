package dev.agentruntime.runtime;

import dev.agentruntime.runtime.spi.StartMode;
import java.math.BigDecimal;
import java.time.Duration;

/** Told of what happens, for meters. Called on platform threads; must not block and must not throw. */
public interface RuntimeListener {

    /** A session entered {@code to}; {@code from} is null for a new one's PROVISIONING. */
    default void sessionMoved(String runtime, SessionView.Status from, SessionView.Status to) {}

    /** A session's VM became ready to serve. */
    default void sessionStarted(String runtime, StartMode mode, Duration took) {}

    /** A session ended, for a reason such as {@code IDLE_TIMEOUT}. */
    default void sessionEnded(String runtime, String reasonCode) {}

    /** An invocation ended. */
    default void invocationEnded(String runtime, Invocation.Outcome outcome, Duration took) {}

    /** A session's last request has ended: it can be paused as soon as its agent, asked now, has no work of its own. */
    default void workEnded(PingTarget session) {}

    /** So many VMs of an agent wait for sessions. */
    default void pooled(String runtime, int vms) {}

    /** A session used more since its last reading. */
    default void used(String runtime, long cpuNanos, BigDecimal memoryByteSeconds) {}

    /** The platform used CPU for itself: {@code work} is {@code template}, {@code pool} or {@code start}. */
    default void platformUsed(String work, long cpuNanos) {}

    /** An agent was pinged. */
    default void pinged(String runtime, PingStatus status) {}

    /**
     * Something failed.
     *
     * @param runtime the agent runtime it belongs to; empty for the ledger
     * @param kind    {@code agent_start}, {@code vm_start}, {@code vm_death}, {@code pool}, {@code destroy} or {@code ledger}
     */
    default void failed(String runtime, String kind) {}
}
