package dev.agentruntime.rehearsal;

import java.util.List;

/** An answer with a member of each common kind. */
public record Spoken(String greeting, String prompt, String sessionId, List<Double> numbers, String task) {
}
