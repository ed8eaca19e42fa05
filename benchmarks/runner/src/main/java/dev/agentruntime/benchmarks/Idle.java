package dev.agentruntime.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What sessions cost while nobody asks them anything, by their own meters, and how they wake up. */
final class Idle implements Benchmark {

    private static final String NAME = "idle";
    private static final Duration SETTLE = Duration.ofSeconds(15);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(Lab lab, Report report) throws IOException {
        int count = lab.sizes().idlers();
        List<String> sessions = lab.begin(count);
        try {
            Pause.of(SETTLE);
            long begun = System.nanoTime();
            List<Long> before = cpu(lab, sessions);
            Pause.of(lab.sizes().idleTime());
            List<Long> after = cpu(lab, sessions);
            double nanos = System.nanoTime() - begun;
            List<Long> shares = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                shares.add(Math.round((after.get(i) - before.get(i)) / nanos * 100_000));
            }
            long together = shares.stream().mapToLong(Long::longValue).sum();
            report.add(Row.of(NAME, "one idle session", Figures.of(Unit.CORE, shares)));
            report.add(Row.of(NAME, count + " idle sessions together", Figures.of(Unit.CORE, together))
                    .promising(Promise.of("20 use < 1 % of a core", together * 20.0 / count < 1000))
                    .noting("over " + lab.sizes().idleTime().toSeconds() + " s, the platform's own pings included; "
                            + Unit.decimal(together / 100_000.0 * 3600) + " s of CPU in an hour"));
            List<Long> wakes = new ArrayList<>();
            for (String session : sessions) {
                wakes.add(lab.api().greet(session).firstByteNanos());
            }
            Row wake = Row.of(NAME, "the next request to each", Figures.of(Unit.TIME, wakes));
            report.add(wake.promising(Promise.of("p50 < 100 ms", wake.figures().median() < 100_000_000L)));
        } finally {
            lab.end("hello", sessions);
        }
    }

    private static List<Long> cpu(Lab lab, List<String> sessions) throws IOException {
        List<Long> nanos = new ArrayList<>();
        for (String session : sessions) {
            nanos.add(lab.api().session("hello", session).cpuNanos());
        }
        return nanos;
    }
}
