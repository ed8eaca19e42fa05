package dev.agentruntime.examples.burner;

/**
 * What to do.
 *
 * @param seconds how long; 2 if absent
 * @param mode    {@code burn} uses that much CPU time of one thread, {@code sleep} only waits; {@code burn} if absent
 */
public record Order(Double seconds, String mode) {
}
