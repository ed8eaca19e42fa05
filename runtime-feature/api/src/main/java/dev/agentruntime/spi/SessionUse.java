package dev.agentruntime.spi;

import dev.agentruntime.api.Usage;
import java.time.Duration;

/**
 * What a session uses.
 *
 * @param used        since its VM began to serve it
 * @param memoryBytes what its VM held when its memory was last measured, some seconds ago
 * @param age         how long ago it began
 */
public record SessionUse(Usage used, long memoryBytes, Duration age) {}
