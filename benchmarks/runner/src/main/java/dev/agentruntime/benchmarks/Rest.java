package dev.agentruntime.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sessions that take VMs which have waited in a pool for minutes, against sessions that take VMs which were made just now. */
final class Rest implements Benchmark {

    private static final String NAME = "rest";
    private static final int FRESH_ROUNDS = 3;
    /** Sessions of another agent. */
    private static final int AWAKE = 5;
    private static final double FACTOR = 1.25;
    private static final Duration SETTLE = Duration.ofSeconds(3);

    /** @param vmsMade when each session's VM was made, in the order of the answers */
    private record Taken(List<FirstAnswer> answers, List<Instant> vmsMade) {

        List<FirstAnswer> madeBefore(Instant time) {
            List<FirstAnswer> some = new ArrayList<>();
            for (int i = 0; i < answers.size(); i++) {
                if (vmsMade.get(i).isBefore(time)) {
                    some.add(answers.get(i));
                }
            }
            return some;
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(Lab lab, Report report) throws IOException {
        Duration rest = lab.sizes().rest();
        if (rest.isZero() || lab.budget().left().compareTo(rest) < 0) {
            report.leftOut(NAME, rest.isZero() ? "a " + lab.sizes().name() + " run does not wait so long"
                    : "no time was left; see --limit");
            return;
        }
        filled(lab, lab.server().poolMin("bench"));
        Instant begun = Instant.now();
        Pause.of(rest);
        wakeServer(lab);
        int waiting = waiting(lab);
        List<FirstAnswer> rested = take(lab, waiting).madeBefore(begun);
        if (rested.isEmpty()) {
            throw new BenchmarkException("No VM waited for " + rest + ": the pool had " + waiting);
        }
        List<FirstAnswer> fresh = new ArrayList<>();
        for (int i = 0; i < FRESH_ROUNDS; i++) {
            filled(lab, rested.size());
            fresh.addAll(take(lab, rested.size()).answers());
        }
        tell(rest, waiting, rested, fresh, report);
    }

    private static void tell(Duration rest, int waiting, List<FirstAnswer> rested, List<FirstAnswer> fresh, Report report) {
        String how = " after its VM waited for " + rest.toMinutes() + " min";
        Row young = report.add(Row.of(NAME, "start to first byte from a pool just filled", times(fresh)));
        Row old = Row.of(NAME, "start to first byte" + how, times(rested)).against(young);
        report.add(old.promising(
                        Promise.of("p50 < 100 ms", old.figures().median() < 100_000_000L),
                        Promise.of("≤ 1.25x a fresh one", old.figures().ratioTo(young.figures()) <= FACTOR))
                .noting("sessions of " + rested.size() + " VMs that are older than the wait, of " + waiting
                        + " in the pool; one after another, like the fresh ones"));
        Row clock = Row.of(NAME, "clock's error at a session's first answer," + how,
                Figures.of(Unit.TIME, rested.stream().map(FirstAnswer::clockErrorNanos).toList()));
        report.add(clock.promising(Promise.of("< 100 ms in each", clock.figures().max() < Siblings.CLOCK_ERROR_NANOS)));
    }

    private static Figures times(List<FirstAnswer> answers) {
        return Figures.of(Unit.TIME, answers.stream().map(FirstAnswer::firstByteNanos).toList());
    }

    /** At once after one another, so that none takes a VM that was made in another's place. */
    private static Taken take(Lab lab, int count) throws IOException {
        List<FirstAnswer> answers = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                answers.add(FirstAnswer.of(lab.api(), Api.newSession()));
            }
            List<Instant> made = new ArrayList<>();
            for (FirstAnswer answer : answers) {
                made.add(VmProcess.of(lab.api().session("bench", answer.session()).vm()).startedAt());
            }
            return new Taken(answers, made);
        } finally {
            lab.end("bench", answers.stream().map(FirstAnswer::session).toList());
        }
    }

    /** The server has rested as well, and its token cache is empty: what that costs is not the waiting VM's. */
    private static void wakeServer(Lab lab) throws IOException {
        for (int i = 0; i < AWAKE; i++) {
            lab.end("hello", lab.begin(1));
        }
        Pause.of(SETTLE);
    }

    private static void filled(Lab lab, int wanted) {
        lab.fillPool("bench", wanted);
        Pause.of(SETTLE);
    }

    private static int waiting(Lab lab) {
        Map<String, Object> view = lab.runtime("bench");
        if (view.get("pooled") instanceof Double pooled && pooled >= 1) {
            return pooled.intValue();
        }
        throw new BenchmarkException("No VM waits: " + view);
    }
}
