package dev.agentruntime.egress;

import dev.agentruntime.api.OutboundConnection;
import dev.agentruntime.api.OutboundConnection.Outcome;
import dev.agentruntime.net.Texts;
import dev.agentruntime.spi.SessionFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;

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
        String reason) {

    /** Without what could break a line or a terminal: a guest may have written some of it. */
    OutboundConnection view() {
        int colon = target.lastIndexOf(':');
        boolean named = colon > 0 && target.substring(colon + 1).matches("\\d{1,5}");
        return new OutboundConnection(at, Texts.shown(way), Texts.shown(named ? target.substring(0, colon) : target),
                named ? OptionalInt.of(Integer.parseInt(target.substring(colon + 1))) : OptionalInt.empty(),
                bytesOut, bytesIn, outcome, took, Texts.shown(reason));
    }
}
