package dev.agentruntime.accounting;

import dev.agentruntime.api.BudgetNews.Level;
import dev.agentruntime.api.BudgetNews.Measure;
import dev.agentruntime.api.BudgetNews.Per;
import dev.agentruntime.api.Cost;
import dev.agentruntime.api.Durations;
import dev.agentruntime.api.Subject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How much may be used: of CPU, wall time and money by a session in its life, or by the sessions of an agent or a caller on one day in
 * UTC; of memory at any moment.
 *
 * @param per         whose it is; each session, agent or caller has one of its own
 * @param agent       whose sessions it is for; empty for all agents'
 * @param subject     whose sessions it is for, by the name of the caller; empty for all callers'
 * @param issuer      of that caller; empty for a caller of that name of any issuer
 * @param cpu         CPU of VMs
 * @param wall        how long sessions may be there, together
 * @param memoryBytes held at this moment
 * @param cost        at the prices in force
 */
record Budget(Per per, Optional<String> agent, Optional<String> subject, Optional<String> issuer, Optional<Duration> cpu,
        Optional<Duration> wall, Optional<Long> memoryBytes, Optional<BigDecimal> cost) {

    private static final BigDecimal WARNED_AT = new BigDecimal("0.8");

    /**
     * How far a budget is used up of one measure.
     *
     * @param used    such as {@code 8.100 s of CPU}
     * @param allowed such as {@code 10s of CPU}
     */
    record Standing(Measure measure, Level level, String used, String allowed) {}

    /** Whether it is for sessions of this agent. */
    boolean isFor(String runtime) {
        return agent.filter(name -> !name.equals(runtime)).isEmpty();
    }

    /** Whether it is for sessions of this caller. */
    boolean isFor(Subject owner) {
        return subject.filter(name -> !name.equals(owner.name())).isEmpty() && issuer.filter(name -> !name.equals(owner.issuer())).isEmpty();
    }

    /** What of it is used up, or nearly; empty where all is well. */
    List<Standing> standings(Spent spent, Optional<Prices> prices) {
        List<Standing> standings = new ArrayList<>();
        cpu.flatMap(most -> standing(Measure.CPU, BigDecimal.valueOf(spent.cpuNanos()), nanos(most),
                seconds(spent.cpuNanos()) + " of CPU", Durations.text(most) + " of CPU")).ifPresent(standings::add);
        wall.flatMap(most -> standing(Measure.WALL_TIME, nanos(spent.wall()), nanos(most),
                Durations.text(spent.wall()) + " of time", Durations.text(most) + " of time")).ifPresent(standings::add);
        memoryBytes.flatMap(most -> standing(Measure.MEMORY, BigDecimal.valueOf(spent.memoryBytes()), BigDecimal.valueOf(most),
                megabytes(spent.memoryBytes()) + " of memory", megabytes(most) + " of memory")).ifPresent(standings::add);
        prices.flatMap(table -> cost.flatMap(most -> costs(table, spent, most))).ifPresent(standings::add);
        return standings;
    }

    private static Optional<Standing> costs(Prices prices, Spent spent, BigDecimal most) {
        Cost cost = prices.of(spent.cpuNanos(), spent.memoryByteSeconds());
        return standing(Measure.COST, cost.amount(), most, cost.toString(), new Cost(most, cost.currency()).toString());
    }

    private static Optional<Standing> standing(Measure measure, BigDecimal used, BigDecimal most, String usedText, String mostText) {
        if (used.compareTo(most.multiply(WARNED_AT)) < 0) {
            return Optional.empty();
        }
        return Optional.of(new Standing(measure, used.compareTo(most) < 0 ? Level.WARNED : Level.REACHED, usedText, mostText));
    }

    private static BigDecimal nanos(Duration duration) {
        return BigDecimal.valueOf(duration.getSeconds(), -9).add(BigDecimal.valueOf(duration.getNano()));
    }

    private static String seconds(long nanos) {
        return Durations.text(Duration.ofNanos(nanos));
    }

    private static String megabytes(long bytes) {
        return (bytes >> 20) + "m";
    }

    /** In the words of server.xml. */
    String text() {
        List<String> words = new ArrayList<>(List.of("per=" + per.name().toLowerCase(Locale.ROOT)));
        agent.ifPresent(name -> words.add("agent=" + name));
        subject.ifPresent(name -> words.add("subject=" + name));
        issuer.ifPresent(name -> words.add("issuer=" + name));
        cpu.ifPresent(most -> words.add("cpu=" + Durations.text(most)));
        wall.ifPresent(most -> words.add("wallTime=" + Durations.text(most)));
        memoryBytes.ifPresent(most -> words.add("memory=" + megabytes(most)));
        cost.ifPresent(most -> words.add("cost=" + most.toPlainString()));
        return "budget[" + String.join(" ", words) + "]";
    }
}
