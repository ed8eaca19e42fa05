package dev.agentruntime.agents;

/**
 * How many VMs of an agent wait for sessions.
 *
 * @param min at any time
 * @param max when sessions arrive often; 0 for none at all
 */
public record PoolBounds(int min, int max) {

    public PoolBounds {
        if (min < 0 || max < min) {
            throw new IllegalArgumentException("poolMin " + min + " and poolMax " + max + ": the first must not be the larger");
        }
    }
}
