package dev.agentruntime.examples.burner;

import java.time.Duration;

/**
 * What was done.
 *
 * @param mode        {@code burn} or {@code sleep}
 * @param cpuSeconds  CPU time of the burning thread, by this machine's kernel
 * @param wallSeconds how long it took
 */
public record Report(String mode, double cpuSeconds, double wallSeconds) {

    static Report of(String mode, Duration cpu, long startedNanos) {
        return new Report(mode, cpu.toNanos() / 1e9, (System.nanoTime() - startedNanos) / 1e9);
    }
}
