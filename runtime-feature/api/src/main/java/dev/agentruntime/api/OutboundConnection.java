package dev.agentruntime.api;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;

/**
 * One connection out of a guest, or one request over one; no path, no header, no body.
 *
 * @param at       when it began
 * @param way      {@code outbound/NAME} or {@code proxy}
 * @param host     whom it was for, or the outbound's name where it came no further; empty where that is not known
 * @param bytesOut from the guest
 * @param bytesIn  to the guest
 * @param took     until its end, or until now
 * @param reason   why it was not OK; empty where it was
 */
public record OutboundConnection(
        Instant at, String way, String host, OptionalInt port, long bytesOut, long bytesIn, Outcome outcome, Duration took, String reason) {

    /** What became of it. */
    public enum Outcome {
        /** It is not over. */
        OPEN,
        OK,
        /** Not allowed. */
        DENIED,
        /** A limit was reached. */
        LIMITED,
        /** The guest spoke no proper HTTP. */
        MALFORMED,
        /** No name, no connection or no TLS. */
        UNREACHABLE,
        /** The other side said nothing for too long. */
        TIMED_OUT,
        /** The other side broke off, or spoke no proper HTTP. */
        BROKEN,
        /** The guest left, or its session ended. */
        ABORTED
    }
}
