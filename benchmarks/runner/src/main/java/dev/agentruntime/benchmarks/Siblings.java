package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.Drawn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What no two sessions of one template may have in common, and the time each of them believes it is, from its first answer on. */
final class Siblings {

    static final long CLOCK_ERROR_NANOS = 100_000_000;

    private final Lab lab;
    private final Map<String, Long> modes = new TreeMap<>();

    Siblings(Lab lab) {
        this.lab = lab;
    }

    void run(Report report) throws IOException {
        List<FirstAnswer> single = new ArrayList<>();
        for (int i = 0; i < lab.sizes().starts() && (i == 0 || !lab.budget().spent()); i++) {
            lab.awaitPool("bench", 1, Starts.POOL_PATIENCE);
            FirstAnswer answer = FirstAnswer.of(lab.api(), Api.newSession());
            single.add(answer);
            end(answer);
        }
        lab.awaitPool("bench", Starts.AT_ONCE, Starts.POOL_PATIENCE);
        List<FirstAnswer> together = together();
        clock("one after another", single, report);
        clock(Starts.AT_ONCE + " at once", together, report);
        List<Drawn> draws = Stream.concat(single.stream(), together.stream())
                .flatMap(answer -> answer.draws().stream()).toList();
        twice("UUID.randomUUID", draws, Drawn::uuid, report);
        twice("SecureRandom.nextLong", draws, Drawn::secure, report);
        twice("ThreadLocalRandom.nextLong", draws, Drawn::threadLocal, report);
    }

    private List<FirstAnswer> together() throws IOException {
        List<FirstAnswer> answers = Lab.together(Starts.AT_ONCE, () -> FirstAnswer.of(lab.api(), Api.newSession()));
        for (FirstAnswer answer : answers) {
            end(answer);
        }
        return answers;
    }

    private void end(FirstAnswer answer) throws IOException {
        modes.merge(lab.api().session("bench", answer.session()).startMode(), 1L, Long::sum);
        lab.api().end("bench", answer.session());
    }

    private void clock(String how, List<FirstAnswer> answers, Report report) {
        Row row = Row.of(Starts.NAME, "clock's error at a session's first answer, " + how,
                Figures.of(Unit.TIME, answers.stream().map(FirstAnswer::clockErrorNanos).toList()));
        long uncertain = answers.stream().mapToLong(answer -> answer.clock().uncertainMicros()).max().orElse(0);
        report.add(row.promising(Promise.of("< 100 ms in each", row.figures().max() < CLOCK_ERROR_NANOS))
                .noting("clocks compared to within " + Unit.TIME.text(uncertain * 1000)));
    }

    private void twice(String source, List<Drawn> draws, Function<Drawn, Object> draw, Report report) {
        long duplicates = draws.size() - new HashSet<>(draws.stream().map(draw).toList()).size();
        String how = modes.entrySet().stream().map(mode -> mode.getValue() + " " + mode.getKey()).collect(Collectors.joining(", "));
        report.add(Row.of(Starts.NAME, source + " drawn twice, of " + draws.size(), Figures.of(Unit.COUNT, duplicates))
                .promising(Promise.of("none", duplicates == 0))
                .noting(FirstAnswer.NEXT + 1 + " draws of each session, the first answer's among them; sessions started " + how));
    }
}
