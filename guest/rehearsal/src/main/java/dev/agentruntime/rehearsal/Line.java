package dev.agentruntime.rehearsal;

/**
 * What to answer, and how.
 *
 * @param way    {@code now}, {@code later}, {@code stream} or {@code events}
 * @param prompt comes back
 * @param number comes back
 */
public record Line(String way, String prompt, double number) {
}
