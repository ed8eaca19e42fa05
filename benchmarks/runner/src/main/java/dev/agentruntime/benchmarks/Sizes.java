package dev.agentruntime.benchmarks;

import java.time.Duration;
import java.util.List;

/**
 * How much is measured.
 *
 * @param name        quick, medium or full
 * @param limit       for the whole run
 * @param boots       cold boots; 0 to use the templates that are cached
 * @param starts      sessions started one after another
 * @param startPause  between two of them, for pools to be filled again
 * @param rounds      of eight starts at once
 * @param invocations of each kind, warm
 * @param transfers   of 100 MB, each way
 * @param events      of a stream
 * @param logSessions whose log is followed from before its first line
 * @param logLines    of each of these logs
 * @param logBytes    that one session prints without end
 * @param memories    sessions whose memory is read
 * @param idlers      idle sessions at once
 * @param idleTime    for which they are watched
 * @param deploys     new versions of a WAR
 * @param rest        for which VMs wait in a pool before sessions come; zero not to wait for that
 * @param rungStarts  sessions started one after another from each rung of the ladder
 * @param rungRounds  of eight starts at once from each rung
 * @param population  numbers of live sessions for the platform over a hypervisor in memory
 */
record Sizes(
        String name, Duration limit, int boots, int starts, Duration startPause, int rounds, int invocations, int transfers,
        int events, int logSessions, int logLines, long logBytes, int memories, int idlers, Duration idleTime, int deploys, Duration rest,
        int rungStarts, int rungRounds, List<Integer> population) {

    Sizes withBoots(int number) {
        return new Sizes(name, limit, number, starts, startPause, rounds, invocations, transfers, events, logSessions, logLines, logBytes, memories, idlers,
                idleTime, deploys, rest, rungStarts, rungRounds, population);
    }

    static Sizes quick() {
        return new Sizes("quick", Duration.ofMinutes(12), 0, 6, Duration.ofMillis(500), 1, 200, 1, 20, 4, 20, 50_000_000, 2, 4,
                Duration.ofSeconds(20), 1, Duration.ZERO, 3, 1, List.of(10, 100, 1000));
    }

    /** Enough to compare two builds. */
    static Sizes medium() {
        return new Sizes("medium", Duration.ofMinutes(45), 0, 30, Duration.ofSeconds(1), 3, 1000, 2, 50, 10, 20, 200_000_000, 3, 20,
                Duration.ofSeconds(30), 2, Duration.ZERO, 6, 1, List.of(10, 100, 1000));
    }

    static Sizes full() {
        return new Sizes("full", Duration.ofMinutes(100), 3, 100, Duration.ofSeconds(3), 5, 1000, 5, 100, 20, 20, 1_000_000_000, 5, 20,
                Duration.ofSeconds(60), 3, Duration.ofMinutes(10), 20, 3, List.of(10, 100, 300, 1000));
    }
}
