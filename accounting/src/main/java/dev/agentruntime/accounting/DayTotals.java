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

    private final Map<String, Spent> agents = new HashMap<>();
    private final Map<Subject, Spent> subjects = new HashMap<>();
    private Optional<LocalDate> day = Optional.empty();

    /** Begins with what was used before: sums by agent, and sums by subject. */
    synchronized void begin(LocalDate on, List<UsageSum> before) {
        day = Optional.of(on);
        agents.clear();
        subjects.clear();
        for (UsageSum sum : before) {
            Spent spent = new Spent(sum.cpuNanos(), sum.memoryByteSeconds(), sum.wall(), 0);
            sum.runtime().ifPresent(runtime -> agents.merge(runtime, spent, Spent::plus));
            sum.subject().ifPresent(owner -> subjects.merge(owner, spent, Spent::plus));
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
        agents.clear();
        subjects.clear();
    }

    synchronized void add(String runtime, Subject owner, Spent spent) {
        agents.merge(runtime, spent.overTime(), Spent::plus);
        subjects.merge(owner, spent.overTime(), Spent::plus);
    }

    synchronized Spent of(String runtime) {
        return agents.getOrDefault(runtime, Spent.NOTHING);
    }

    synchronized Spent of(Subject owner) {
        return subjects.getOrDefault(owner, Spent.NOTHING);
    }
}
