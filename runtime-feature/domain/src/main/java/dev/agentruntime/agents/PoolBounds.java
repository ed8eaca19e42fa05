package dev.agentruntime.agents;

import dev.agentruntime.config.Attributes;
import java.util.Optional;

/**
 * How many VMs of an agent wait for sessions.
 *
 * @param min at any time
 * @param max when sessions arrive often; 0 for none at all
 */
public record PoolBounds(int min, int max) {

    private static final int MOST = 1000;

    public PoolBounds {
        if (min < 0 || max < min) {
            throw new IllegalArgumentException("poolMin " + min + " and poolMax " + max + ": the first must not be the larger");
        }
    }

    static boolean areSet(Attributes element) {
        return element.isSet("poolMin") || element.isSet("poolMax");
    }

    /** Reads both bounds. One that is given alone pulls the other's default along. */
    static PoolBounds read(Attributes element, PoolBounds otherwise) {
        Optional<Integer> least = element.whole("poolMin", 0, MOST);
        Optional<Integer> most = element.whole("poolMax", 0, MOST);
        int max = most.orElse(Math.max(otherwise.max(), least.orElse(0)));
        int min = least.orElse(Math.min(otherwise.min(), max));
        if (min > max) {
            element.problem("The attribute poolMin is " + min + " and poolMax " + max
                    + ". poolMin must not be the larger; poolMax is used for both.");
        }
        return new PoolBounds(Math.min(min, max), max);
    }
}
