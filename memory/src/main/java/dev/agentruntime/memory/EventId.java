package dev.agentruntime.memory;

import java.time.Instant;

/** Ids of events: their order as text is that of their times, and that in which they arrived where the times are the same. */
final class EventId {

    private EventId() {}

    /**
     * @param at     to the millisecond
     * @param number how many events of the session there were, with this one
     */
    static String of(Instant at, long number) {
        return String.format(java.util.Locale.ROOT, "%019d#%08x", at.toEpochMilli(), number);
    }
}
