package dev.agentruntime.inbound;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** The requests signed beforehand that were used and could be used again. Thread-safe. */
final class Replays {

    /** What is known for the first time, known already, or one too many to be known. */
    enum Seen { FIRST, AGAIN, FULL }

    private final int most;
    private final Map<String, Instant> used = new HashMap<>();

    Replays(int most) {
        this.most = most;
    }

    /** @param end when it cannot be used any more */
    synchronized Seen use(String signature, Instant end, Instant now) {
        if (used.containsKey(signature)) {
            return Seen.AGAIN;
        }
        if (used.size() >= most) {
            used.values().removeIf(old -> old.isBefore(now));
        }
        if (used.size() >= most) {
            return Seen.FULL;
        }
        used.put(signature, end);
        return Seen.FIRST;
    }
}
