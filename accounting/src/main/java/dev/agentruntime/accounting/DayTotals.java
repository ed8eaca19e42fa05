package dev.agentruntime.accounting;

import dev.agentruntime.api.Subject;
import dev.agentruntime.store.UsageSum;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the sessions of each agent and of each caller have used on one day. Thread-safe; does not block. */
final class DayTotals {

    /** By agent, and by caller. */
    private record Sums(Map<String, Spent> agents, Map<Subject, Spent> subjects) {

        static Sums none() {
            return new Sums(new HashMap<>(), new HashMap<>());
        }

        static Sums of(List<UsageSum> read) {
            Sums sums = none();
            for (UsageSum sum : read) {
                Spent spent = new Spent(sum.cpuNanos(), sum.memoryByteSeconds(), sum.wall(), 0);
                sum.runtime().ifPresent(runtime -> sums.agents.merge(runtime, spent, Spent::plus));
                sum.subject().ifPresent(owner -> sums.subjects.merge(owner, spent, Spent::plus));
            }
            return sums;
        }
    }

    private Sums own = Sums.none();
    /** Of other servers on the same database, as the ledger has it. */
    private Sums others = Sums.none();
    private Optional<LocalDate> day = Optional.empty();

    /** Begins with what sessions of this server have used before: sums by agent, and sums by subject. */
    synchronized void begin(LocalDate on, List<UsageSum> before) {
        day = Optional.of(on);
        own = Sums.of(before);
        others = Sums.none();
    }

    /** What sessions of other servers have used by now on {@code on}, which counts nowhere where that is another day. */
    synchronized void others(LocalDate on, List<UsageSum> now) {
        if (isOf(on)) {
            others = Sums.of(now);
        }
    }

    /** Whether they are of a day before this one. */
    synchronized boolean isBefore(LocalDate one) {
        return day.filter(known -> known.isBefore(one)).isPresent();
    }

    /** Whether they are of this day, with what was used before. */
    synchronized boolean isOf(LocalDate one) {
        return day.filter(one::equals).isPresent();
    }

    /** Whether they may be of this day: those that are of none yet, as the ledger does not answer, are of the day on which they are counted. */
    synchronized boolean mayBeOf(LocalDate one) {
        return day.isEmpty() || isOf(one);
    }

    /** Nobody counts any more. */
    synchronized void forget() {
        day = Optional.empty();
        own = Sums.none();
        others = Sums.none();
    }

    synchronized void add(String runtime, Subject owner, Spent spent) {
        own.agents.merge(runtime, spent.overTime(), Spent::plus);
        own.subjects.merge(owner, spent.overTime(), Spent::plus);
    }

    synchronized Spent of(String runtime) {
        return own.agents.getOrDefault(runtime, Spent.NOTHING).plus(others.agents.getOrDefault(runtime, Spent.NOTHING));
    }

    synchronized Spent of(Subject owner) {
        return own.subjects.getOrDefault(owner, Spent.NOTHING).plus(others.subjects.getOrDefault(owner, Spent.NOTHING));
    }
}
