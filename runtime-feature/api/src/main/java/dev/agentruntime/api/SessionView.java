package dev.agentruntime.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A session as it stands.
 *
 * @param sessionId         the caller's id for it
 * @param runtime           the agent runtime's name
 * @param digest            the first 12 digits of the SHA-256 of the artifact that it began with and stays on; empty text while provisioning
 * @param status            PROVISIONING, ACTIVE, IDLE, HIBERNATED or TERMINATED
 * @param subject           who began it
 * @param createdAt         when it was asked for
 * @param lastActivityAt    when a request, a stream or HealthyBusy was last seen, by the platform's clock
 * @param startMode         how its VM started; empty while provisioning
 * @param startTime         from the request to a VM ready to serve; empty while provisioning
 * @param vm                the VM's name at the hypervisor; empty while provisioning
 * @param terminationReason why it ended, in a sentence; empty while it lives
 * @param usage             what it has used
 * @param endCode           why it ended, for programs; empty while it lives, and where only the ledger knows it
 * @param idleTimeout       how long it may be idle before it is ended; empty where it has ended
 * @param maxLifetime       how long after {@code createdAt} it is ended, busy or not; empty where it has ended
 */
public record SessionView(
        String sessionId, String runtime, String digest, Status status, Subject subject, Instant createdAt,
        Instant lastActivityAt, Optional<StartMode> startMode, Optional<Duration> startTime, Optional<String> vm,
        Optional<String> terminationReason, Optional<EndCode> endCode, Usage usage, Optional<Duration> idleTimeout,
        Optional<Duration> maxLifetime) {

    /** Of which is not told how long it may be idle and may live. */
    public SessionView(
            String sessionId, String runtime, String digest, Status status, Subject subject, Instant createdAt,
            Instant lastActivityAt, Optional<StartMode> startMode, Optional<Duration> startTime, Optional<String> vm,
            Optional<String> terminationReason, Usage usage) {
        this(sessionId, runtime, digest, status, subject, createdAt, lastActivityAt, startMode, startTime, vm, terminationReason,
                Optional.empty(), usage, Optional.empty(), Optional.empty());
    }

    /** The same, which may be idle for so long. */
    public SessionView idleFor(Duration timeout) {
        return new SessionView(sessionId, runtime, digest, status, subject, createdAt, lastActivityAt, startMode, startTime, vm,
                terminationReason, endCode, usage, Optional.of(timeout), maxLifetime);
    }

    /** The same, which may live for so long. */
    public SessionView livingFor(Duration lifetime) {
        return new SessionView(sessionId, runtime, digest, status, subject, createdAt, lastActivityAt, startMode, startTime, vm,
                terminationReason, endCode, usage, idleTimeout, Optional.of(lifetime));
    }

    /** The same, which has ended for that. */
    public SessionView endedFor(EndCode code) {
        return new SessionView(sessionId, runtime, digest, status, subject, createdAt, lastActivityAt, startMode, startTime, vm,
                terminationReason, Optional.of(code), usage, idleTimeout, maxLifetime);
    }

    /** AgentCore's session states, with the first one made visible. */
    public enum Status { PROVISIONING, ACTIVE, IDLE, HIBERNATED, TERMINATED }
}
