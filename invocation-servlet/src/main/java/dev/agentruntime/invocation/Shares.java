package dev.agentruntime.invocation;

import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what each has taken of something that all share, and gives nobody more than a share of it. Thread-safe.
 *
 * @param <W> tells who is who
 */
final class Shares<W> {

    private final int mostOfOne;
    private final ConcurrentHashMap<W, Integer> taken = new ConcurrentHashMap<>();

    Shares(int mostOfOne) {
        this.mostOfOne = mostOfOne;
    }

    /** Takes one for {@code who}; returns false, and takes none, where that has its share already. */
    boolean take(W who) {
        if (taken.merge(who, 1, Integer::sum) > mostOfOne) {
            giveBack(who);
            return false;
        }
        return true;
    }

    /** Gives back one that was taken. */
    void giveBack(W who) {
        taken.computeIfPresent(who, (one, count) -> count == 1 ? null : count - 1);
    }

    /** How many have taken something. */
    int takers() {
        return taken.size();
    }
}
