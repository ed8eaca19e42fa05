package dev.agentruntime.inbound;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/** The requests signed beforehand that were used and could be used again, so many of each access key. Thread-safe. */
final class Replays {

    /** What is known for the first time, known already, or one too many to be known. */
    enum Seen { FIRST, AGAIN, FULL }

    private record Used(String signature, Instant end) {}

    private static final class OfKey {
        private final Set<String> signatures = new HashSet<>();
        private final PriorityQueue<Used> byEnd = new PriorityQueue<>(Comparator.comparing(Used::end));
    }

    private final int mostOfOne;
    private final Map<String, OfKey> keys = new HashMap<>();

    /** @param mostOfOne how many are known of one access key, so that none takes the place of another's */
    Replays(int mostOfOne) {
        this.mostOfOne = mostOfOne;
    }

    /**
     * @param keyId of an access key that there is
     * @param end   when the signature cannot be used any more
     */
    synchronized Seen use(String keyId, String signature, Instant end, Instant now) {
        OfKey used = keys.computeIfAbsent(keyId, first -> new OfKey());
        while (!used.byEnd.isEmpty() && used.byEnd.peek().end().isBefore(now)) {
            used.signatures.remove(used.byEnd.remove().signature());
        }
        if (used.signatures.contains(signature)) {
            return Seen.AGAIN;
        }
        if (used.signatures.size() >= mostOfOne) {
            return Seen.FULL;
        }
        used.signatures.add(signature);
        used.byEnd.add(new Used(signature, end));
        return Seen.FIRST;
    }
}
