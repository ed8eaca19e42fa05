package dev.agentruntime.invocation;

import dev.agentruntime.api.Subject;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what each subject has taken of something that all share, and gives nobody more than a share of it. Thread-safe. */
final class Shares {

    private final int mostOfOne;
    private final ConcurrentHashMap<Subject, Integer> taken = new ConcurrentHashMap<>();

    Shares(int mostOfOne) {
        this.mostOfOne = mostOfOne;
    }

    /** Takes one for {@code subject}; returns false, and takes none, where it has its share. */
    boolean take(Subject subject) {
        if (taken.merge(subject, 1, Integer::sum) > mostOfOne) {
            giveBack(subject);
            return false;
        }
        return true;
    }

    /** Gives back one that was taken. */
    void giveBack(Subject subject) {
        taken.computeIfPresent(subject, (who, count) -> count == 1 ? null : count - 1);
    }

    /** How many subjects have taken something. */
    int subjects() {
        return taken.size();
    }
}
