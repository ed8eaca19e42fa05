package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.RawHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A new session's first answer, from the caller's side, apart for each start mode that the server reports. */
final class Starts implements Benchmark {

    static final String NAME = "starts";
    static final int AT_ONCE = 8;
    static final Duration POOL_PATIENCE = Duration.ofSeconds(20);

    private record Greeted(String session, RawHttp.Whole answer) {

        static Greeted of(Lab lab) throws IOException {
            String session = Api.newSession();
            return new Greeted(session, lab.api().greet(session));
        }
    }

    private record Start(String mode, long firstByteNanos, long platformNanos, String uuid, int status) {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(Lab lab, Report report) throws IOException {
        List<Start> single = new ArrayList<>();
        while (!enough(single, lab.sizes().starts()) && !lab.budget().spent()) {
            single.add(one(lab, 1));
        }
        tell(NAME, "one after another", single, report);
        List<Start> together = rounds(NAME, lab, lab.sizes().rounds(), AT_ONCE, report);
        if (together.isEmpty()) {
            return;
        }
        List<Start> all = new ArrayList<>(single);
        all.addAll(together);
        summary(all, report);
        new Siblings(lab).run(report);
    }

    /**
     * So many starts one after another and rounds of eight at once, told under the name of another benchmark.
     *
     * @param waiting the VMs that wait before each; 0 where there is no pool
     */
    static void measure(String benchmark, Lab lab, int starts, int rounds, int waiting, Report report) throws IOException {
        List<Start> single = new ArrayList<>();
        for (int i = 0; i < starts && !lab.budget().spent(); i++) {
            single.add(one(lab, waiting));
        }
        tell(benchmark, "one after another", single, report);
        rounds(benchmark, lab, rounds, waiting, report);
    }

    private static Start one(Lab lab, int waiting) throws IOException {
        lab.awaitPool("hello", waiting, POOL_PATIENCE);
        Start start = ended(lab, Greeted.of(lab));
        Pause.of(lab.sizes().startPause());
        return start;
    }

    private static List<Start> rounds(String benchmark, Lab lab, int count, int waiting, Report report) throws IOException {
        List<Start> together = new ArrayList<>();
        List<Long> rounds = new ArrayList<>();
        for (int i = 0; i < count && !lab.budget().spent(); i++) {
            lab.awaitPool("hello", waiting, POOL_PATIENCE);
            List<Start> round = round(lab);
            rounds.add(round.stream().mapToLong(Start::firstByteNanos).max().orElseThrow());
            together.addAll(round);
            Pause.of(lab.sizes().startPause());
        }
        if (together.isEmpty()) {
            report.leftOut(benchmark, "eight at once: no time was left");
            return together;
        }
        tell(benchmark, AT_ONCE + " at once", together, report);
        report.add(Row.of(benchmark, "until the last of " + AT_ONCE + " is served, of them " + modes(together), Figures.of(Unit.TIME, rounds)));
        return together;
    }

    private static String modes(List<Start> starts) {
        return starts.stream().collect(Collectors.groupingBy(Start::mode, TreeMap::new, Collectors.counting())).entrySet().stream()
                .map(mode -> mode.getValue() + " " + mode.getKey()).collect(Collectors.joining(", "));
    }

    /** The promise is of starts from a pool, so those that found it empty are made up for; up to a point. */
    private static boolean enough(List<Start> starts, int wanted) {
        long primed = starts.stream().filter(start -> start.mode().equals("primed")).count();
        return primed >= wanted || starts.size() >= wanted + wanted / 5;
    }

    private static List<Start> round(Lab lab) throws IOException {
        List<Greeted> answers = Lab.together(AT_ONCE, () -> Greeted.of(lab));
        List<Start> round = new ArrayList<>();
        for (Greeted greeted : answers) {
            round.add(ended(lab, greeted));
        }
        return round;
    }

    private static Start ended(Lab lab, Greeted greeted) throws IOException {
        String session = greeted.session();
        RawHttp.Whole answer = greeted.answer();
        if (answer.status() != 200) {
            Progress.say("a start was answered with " + answer.status() + " " + answer.text());
            return new Start("failed", answer.firstByteNanos(), answer.firstByteNanos(), session, answer.status());
        }
        SessionFacts facts = lab.api().session("hello", session);
        lab.api().end("hello", session);
        String uuid = String.valueOf(JsonReader.object(answer.text()).get("uuid"));
        return new Start(facts.startMode(), answer.firstByteNanos(), facts.startTime().toNanos(), uuid, answer.status());
    }

    private static void tell(String benchmark, String how, List<Start> starts, Report report) {
        Map<String, List<Start>> byMode = starts.stream().collect(Collectors.groupingBy(Start::mode));
        byMode.forEach((mode, some) -> {
            Row row = Row.of(benchmark, "start to first byte, " + mode + ", " + how,
                    Figures.of(Unit.TIME, some.stream().map(Start::firstByteNanos).toList()));
            report.add(promised(mode, report.find(ColdBoot.NAME, ColdBoot.BOOT).map(row::against).orElse(row)));
            report.add(Row.of(benchmark, "of it, by the platform's own clock (startMillis), " + mode + ", " + how,
                    Figures.of(Unit.TIME, some.stream().map(Start::platformNanos).toList())));
        });
    }

    /** Eight at once share the processors; what is promised of them is that all are served. */
    private static Row promised(String mode, Row row) {
        if (!row.measure().endsWith("one after another")) {
            return row;
        }
        long median = row.figures().median();
        List<Promise> promises = new ArrayList<>();
        if (mode.equals("primed")) {
            promises.add(Promise.of("p50 < 100 ms", median < 100_000_000L));
            promises.add(Promise.of("p99 < 300 ms", row.figures().p99() < 300_000_000L));
            row.baselines().stream().findFirst().ifPresent(boot -> promises.add(Promise.of("≤ 1/500 of a cold boot", boot.ratio() <= 1.0 / 500)));
        } else if (List.of("clone", "shell").contains(mode)) {
            promises.add(Promise.of("an empty pool costs < 1.5 s", median < 1_500_000_000L));
        }
        return row.promising(promises.toArray(Promise[]::new));
    }

    private static void summary(List<Start> all, Report report) {
        long failed = all.stream().filter(start -> start.status() != 200).count();
        List<String> uuids = all.stream().map(Start::uuid).toList();
        long duplicates = uuids.size() - new HashSet<>(uuids).size();
        report.add(Row.of(NAME, "starts that failed, of " + all.size(), Figures.of(Unit.COUNT, failed))
                .promising(Promise.of("none", failed == 0)));
        report.add(Row.of(NAME, "random UUIDs of the agent's seen twice, of " + all.size(), Figures.of(Unit.COUNT, duplicates))
                .promising(Promise.of("none", duplicates == 0)));
    }

    static List<Long> numbers(String text) {
        return Arrays.stream(text.strip().split(" ")).map(Long::valueOf).toList();
    }
}
