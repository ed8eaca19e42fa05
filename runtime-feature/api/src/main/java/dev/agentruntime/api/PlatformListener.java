package dev.agentruntime.api;

import java.math.BigDecimal;
import java.time.Duration;

/** Told of what happens, for meters. Called on platform threads; must not block and must not throw. */
public interface PlatformListener {

    /** A session was asked for and is PROVISIONING now. */
    default void sessionBegan(String runtime) {}

    /** A session went from {@code from} to {@code to}. */
    default void sessionMoved(String runtime, SessionView.Status from, SessionView.Status to) {}

    /** A session's VM became ready to serve. */
    default void sessionStarted(String runtime, StartMode mode, Duration took) {}

    /** A session ended. */
    default void sessionEnded(String runtime, EndCode code) {}

    /** An invocation ended. */
    default void invocationEnded(String runtime, Invocation.Outcome outcome, Duration took) {}

    /** So many VMs of an agent wait for sessions. */
    default void pooled(String runtime, int vms) {}

    /** A session used more since its last reading. */
    default void used(String runtime, long cpuNanos, BigDecimal memoryByteSeconds) {}

    /** The platform used CPU, in nanoseconds, for work of its own. */
    default void platformUsed(PlatformWork work, long cpuNanos) {}

    /** An agent was pinged. */
    default void pinged(String runtime, PingStatus status) {}

    /** A connection out of a guest, or a request over one, is over. */
    default void outboundEnded(String runtime, OutboundConnection connection) {}

    /** Somebody asked for a credential. */
    default void credentialRead(CredentialRead read) {}

    /** A budget is nearly used up by an agent runtime's sessions, or is. */
    default void budget(String runtime, BudgetNews news) {}

    /**
     * Something failed.
     *
     * @param runtime the agent runtime it belongs to; empty for {@link PlatformFailure#LEDGER}
     */
    default void failed(String runtime, PlatformFailure what) {}
}
