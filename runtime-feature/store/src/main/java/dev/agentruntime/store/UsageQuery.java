package dev.agentruntime.store;

import dev.agentruntime.api.Subject;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;

/**
 * Which usage is asked for.
 *
 * @param by      what it is told apart by; empty for one sum of all
 * @param runtime of one agent runtime; empty for all
 * @param subject of one caller's sessions; empty for those of all
 * @param from    the first day, in UTC
 * @param to      the last day
 */
public record UsageQuery(Set<By> by, Optional<String> runtime, Optional<Subject> subject, LocalDate from, LocalDate to) {

    /** What usage can be told apart by. */
    public enum By { SESSION, AGENT, SUBJECT, DAY }

    public UsageQuery {
        by = Set.copyOf(by);
    }
}
