package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.FollowedLog.Mark;
import dev.agentruntime.benchmarks.Streams.Offset;
import dev.agentruntime.benchmarks.wire.Exchanges;
import dev.agentruntime.benchmarks.wire.RawHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The way of a line from the agent to who follows its log: of the first line that a session prints, and of those after it. Each session is
 * new, has answered once, and is followed before it prints.
 */
final class LogDelay {

    private static final long SEEN_WITHIN = Duration.ofMillis(200).toNanos();
    private static final int PACE_MILLIS = 50;

    /** The lines of one session, whose clock is so far ahead. */
    private record Followed(String startMode, Offset offset, List<Mark> lines) {

        Mark first() {
            return lines.get(0);
        }

        List<Mark> later() {
            return lines.subList(1, lines.size());
        }

        long delayNanos(Mark line) {
            return offset.delayNanos(line.arrival());
        }
    }

    private LogDelay() {}

    static void run(Lab lab, Report report) throws IOException {
        List<Followed> sessions = new ArrayList<>();
        while (sessions.size() < lab.sizes().logSessions() && (sessions.isEmpty() || !lab.budget().spent())) {
            lab.awaitPool("bench", 1, Starts.POOL_PATIENCE);
            sessions.add(followed(lab));
        }
        tell("the first line that a server's first session prints", sessions.subList(0, 1), List.of(sessions.get(0).first()), report);
        Map<String, List<Followed>> byMode = new TreeMap<>();
        sessions.stream().skip(1).forEach(session -> byMode.computeIfAbsent(session.startMode(), mode -> new ArrayList<>()).add(session));
        byMode.forEach((mode, some) -> tell("a session's first line, " + mode, some, some.stream().map(Followed::first).toList(), report));
        tell("each line after it", sessions, sessions.stream().flatMap(session -> session.later().stream()).toList(), report);
    }

    private static Followed followed(Lab lab) throws IOException {
        String session = Api.newSession();
        try (RawHttp http = lab.api().connect()) {
            Exchanges agent = lab.api().bench(http, session);
            agent.ask("clock");
            try (FollowedLog log = lab.api().follow("bench", session)) {
                agent.ask("print 1 0");
                List<Mark> lines = new ArrayList<>(log.marks(1));
                Offset offset = Streams.offset(agent);
                agent.ask("print " + (lab.sizes().logLines() - 1) + " " + PACE_MILLIS);
                lines.addAll(log.marks(lab.sizes().logLines() - 1));
                return new Followed(lab.api().session("bench", session).startMode(), offset.better(Streams.offset(agent)), lines);
            }
        } finally {
            lab.api().end("bench", session);
        }
    }

    private static void tell(String what, List<Followed> sessions, List<Mark> lines, Report report) {
        List<Long> delays = new ArrayList<>();
        long uncertain = 0;
        for (Followed session : sessions) {
            session.lines().stream().filter(lines::contains).map(session::delayNanos).forEach(delays::add);
            uncertain = Math.max(uncertain, session.offset().uncertainMicros() * 1000);
        }
        Figures seen = Figures.of(Unit.TIME, delays);
        report.add(Row.of(Logs.NAME, what + ", from printed in the VM to seen by who follows the log", seen)
                .promising(Promise.of("each < 200 ms", seen.max() < SEEN_WITHIN))
                .noting("clocks compared to within " + Unit.TIME.text(uncertain)));
        report.add(Row.of(Logs.NAME, "of it, until the VM's supervisor has it, " + what,
                Figures.of(Unit.TIME, lines.stream().map(Mark::heldAfterNanos).toList())).noting("in whole milliseconds"));
    }
}
