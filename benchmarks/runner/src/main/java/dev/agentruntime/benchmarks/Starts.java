package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.RawHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Collectors;

/** A new session's first answer, from the caller's side, apart for each start mode that the server reports. */
final class Starts implements Benchmark {

    static final String NAME = "starts";
    private static final int AT_ONCE = 8;
    private static final Duration POOL_PATIENCE = Duration.ofSeconds(20);

    private record Start(String mode, long firstByteNanos, long platformNanos, String uuid, int status) {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(Lab lab, Report report) throws IOException {
        List<Start> single = new ArrayList<>();
        while (!enough(single, lab.sizes().starts()) && !lab.budget().spent()) {
            lab.awaitPool("hello", 1, POOL_PATIENCE);
            String session = Api.newSession();
            single.add(ended(lab, session, lab.api().greet(session)));
            Pause.of(lab.sizes().startPause());
        }
        tell("one after another", single, report);
        List<Start> together = new ArrayList<>();
        List<Long> rounds = new ArrayList<>();
        for (int i = 0; i < lab.sizes().rounds() && !lab.budget().spent(); i++) {
            lab.awaitPool("hello", AT_ONCE, POOL_PATIENCE);
            long begun = System.nanoTime();
            List<Start> round = round(lab);
            rounds.add(round.stream().mapToLong(Start::firstByteNanos).max().orElse(System.nanoTime() - begun));
            together.addAll(round);
            Pause.of(lab.sizes().startPause());
        }
        if (together.isEmpty()) {
            report.leftOut(NAME, "eight at once: no time was left");
            return;
        }
        tell(AT_ONCE + " at once", together, report);
        report.add(Row.of(NAME, "until the last of " + AT_ONCE + " is served", Figures.of(Unit.TIME, rounds)));
        List<Start> all = new ArrayList<>(single);
        all.addAll(together);
        summary(all, report);
        new Siblings(lab).run(report);
    }

    /** The promise is of starts from a pool, so those that found it empty are made up for; up to a point. */
    private static boolean enough(List<Start> starts, int wanted) {
        long primed = starts.stream().filter(start -> start.mode().equals("primed")).count();
        return primed >= wanted || starts.size() >= wanted + wanted / 5;
    }

    private static List<Start> round(Lab lab) throws IOException {
        CyclicBarrier together = new CyclicBarrier(AT_ONCE);
        List<String> sessions = new ArrayList<>();
        List<Callable<RawHttp.Whole>> starts = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            String session = Api.newSession();
            sessions.add(session);
            starts.add(() -> {
                together.await();
                return lab.api().greet(session);
            });
        }
        List<RawHttp.Whole> answers = Lab.atOnce(AT_ONCE, starts);
        List<Start> round = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            round.add(ended(lab, sessions.get(i), answers.get(i)));
        }
        return round;
    }

    private static Start ended(Lab lab, String session, RawHttp.Whole answer) throws IOException {
        if (answer.status() != 200) {
            Progress.say("a start was answered with " + answer.status() + " " + answer.text());
            return new Start("failed", answer.firstByteNanos(), answer.firstByteNanos(), session, answer.status());
        }
        SessionFacts facts = lab.api().session("hello", session);
        lab.api().end("hello", session);
        String uuid = String.valueOf(JsonReader.object(answer.text()).get("uuid"));
        return new Start(facts.startMode(), answer.firstByteNanos(), facts.startTime().toNanos(), uuid, answer.status());
    }

    private static void tell(String how, List<Start> starts, Report report) {
        Map<String, List<Start>> byMode = starts.stream().collect(Collectors.groupingBy(Start::mode));
        byMode.forEach((mode, some) -> {
            Row row = Row.of(NAME, "start to first byte, " + mode + ", " + how,
                    Figures.of(Unit.TIME, some.stream().map(Start::firstByteNanos).toList()));
            report.add(promised(mode, report.find(ColdBoot.NAME, ColdBoot.BOOT).map(row::against).orElse(row)));
            report.add(Row.of(NAME, "of it, by the platform's own clock (startMillis), " + mode + ", " + how,
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
