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
 * @param on      of the sessions of which servers; empty for those of all that use the database
 */
public record UsageQuery(Set<By> by, Optional<String> runtime, Optional<Subject> subject, LocalDate from, LocalDate to, Optional<Servers> on) {

    /** What usage can be told apart by. */
    public enum By { SESSION, AGENT, SUBJECT, DAY }

    /**
     * One server of those on a database, or all but that one.
     *
     * @param serverId its id
     * @param which    whether it is meant, or the others
     */
    public record Servers(String serverId, Which which) {

        /** This or the others. */
        public enum Which { THIS, OTHERS }
    }

    public UsageQuery {
        by = Set.copyOf(by);
    }

    /** Of the sessions of all servers. */
    public UsageQuery(Set<By> by, Optional<String> runtime, Optional<Subject> subject, LocalDate from, LocalDate to) {
        this(by, runtime, subject, from, to, Optional.empty());
    }
}
