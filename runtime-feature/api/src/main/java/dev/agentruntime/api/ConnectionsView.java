package dev.agentruntime.api;

import dev.agentruntime.api.OutboundConnection.Outcome;
import java.util.List;
import java.util.Map;

/**
 * What went out of one session's guest.
 *
 * @param ended    how many connections are over, by what became of them
 * @param bytesOut from the guest, of those that are over
 * @param bytesIn  to the guest, of those that are over
 * @param newest   the newest that are over and those that are open, in the order in which they began
 */
public record ConnectionsView(Map<Outcome, Long> ended, long bytesOut, long bytesIn, List<OutboundConnection> newest) {

    /** Copies. */
    public ConnectionsView {
        ended = Map.copyOf(ended);
        newest = List.copyOf(newest);
    }
}
