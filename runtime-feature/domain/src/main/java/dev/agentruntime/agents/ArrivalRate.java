package dev.agentruntime.agents;

import java.time.Duration;
import java.time.Instant;

/** How often sessions have arrived of late: each arrival counts less the longer ago it was. Not thread-safe. */
final class ArrivalRate {

    private static final Duration MEMORY = Duration.ofMinutes(1);

    private double weight;
    private Instant at = Instant.EPOCH;

    void arrived(Instant now) {
        weight = weightAt(now) + 1;
        at = now;
    }

    /** How many are to be expected within {@code ahead}, should they go on as they did. */
    double expected(Duration ahead, Instant now) {
        return weightAt(now) * ahead.toNanos() / MEMORY.toNanos();
    }

    private double weightAt(Instant now) {
        double passed = Math.max(0, Duration.between(at, now).toMillis()) / (double) MEMORY.toMillis();
        return weight * Math.exp(-passed);
    }
}
