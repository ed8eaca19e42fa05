package dev.agentruntime.egress;

import dev.agentruntime.spi.SessionFacts;
import java.time.Duration;
import java.time.Instant;

/**
 * One connection out of a guest, or one request over one; no path, no header, no body.
 *
 * @param at       when it began
 * @param way      {@code outbound/NAME} or {@code proxy}
 * @param target   the host and port it was for; empty where it did not come so far
 * @param bytesOut from the guest
 * @param bytesIn  to the guest
 * @param reason   why it was not OK; empty where it was
 */
record ConnectionRecord(
        SessionFacts session, Instant at, String way, String target, long bytesOut, long bytesIn, Outcome outcome, Duration took,
        String reason) {}
