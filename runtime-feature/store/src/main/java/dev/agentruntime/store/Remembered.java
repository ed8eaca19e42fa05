package dev.agentruntime.store;

import dev.agentruntime.api.Subject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Owners that the database does not have yet, of which so many are kept at most; the oldest comes first. Thread-safe. */
final class Remembered {

    private enum Phase { OPEN, CLOSED }

    private final int most;
    private final Map<Ownership.Id, Ownership> waiting = new LinkedHashMap<>();
    private Phase phase = Phase.OPEN;

    Remembered(int most) {
        this.most = most;
    }

    /** Returns whether there was room for it; once this is closed there is none. */
    synchronized boolean add(Ownership ownership) {
        if (phase == Phase.CLOSED || waiting.size() >= most) {
            return false;
        }
        waiting.putIfAbsent(ownership.id(), ownership);
        return true;
    }

    synchronized Optional<Subject> owner(Ownership.Id id) {
        return Optional.ofNullable(waiting.get(id)).map(Ownership::owner);
    }

    /** The first so many. */
    synchronized List<Ownership> next(int most) {
        return waiting.values().stream().limit(most).toList();
    }

    synchronized void removeAll(List<Ownership> ownerships) {
        ownerships.forEach(ownership -> waiting.remove(ownership.id(), ownership));
    }

    /** Puts it after all others. */
    synchronized void postpone(Ownership ownership) {
        if (waiting.remove(ownership.id(), ownership)) {
            waiting.put(ownership.id(), ownership);
        }
    }

    /** Those that wait stay; no other comes. */
    synchronized void close() {
        phase = Phase.CLOSED;
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }
}
