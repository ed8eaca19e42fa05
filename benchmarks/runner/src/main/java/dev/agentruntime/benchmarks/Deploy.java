package dev.agentruntime.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A new version of a WAR, from the file's drop to its first being served, under a steady load of invocations. */
final class Deploy implements Benchmark {

    private static final String NAME = "deploy";
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration TAIL = Duration.ofSeconds(3);
    private static final long PROMISED_NANOS = Duration.ofSeconds(15).toNanos();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(Lab lab, Report report) throws IOException {
        List<Long> times = new ArrayList<>();
        SteadyLoad load = new SteadyLoad(lab.api());
        try (load) {
            Pause.of(TAIL);
            for (int i = 0; i < lab.sizes().deploys() && (i == 0 || !lab.budget().spent()); i++) {
                times.add(deploy(lab));
                Pause.of(TAIL);
            }
        }
        Row ready = Row.of(NAME, "WAR dropped to READY", Figures.of(Unit.TIME, times));
        report.add(ready.promising(Promise.of("< 15 s", ready.figures().max() < PROMISED_NANOS))
                .noting("base template cached; two looks at the file, a second apart, included; under the load below"));
        report.add(Row.of(NAME, "invocations of a running session meanwhile", Figures.of(Unit.TIME, load.running())));
        if (!load.starting().isEmpty()) {
            report.add(Row.of(NAME, "starts of new sessions meanwhile", Figures.of(Unit.TIME, load.starting())));
        }
        report.add(Row.of(NAME, "requests that failed, of " + load.requests(), Figures.of(Unit.COUNT, load.failures().size()))
                .promising(Promise.of("none", load.failures().isEmpty()))
                .noting(load.failures().stream().findFirst().orElse("")));
    }

    private static long deploy(Lab lab) throws IOException {
        Path war = lab.server().agent("hello");
        Path changed = Files.createTempFile(war.getParent().getParent(), "hello", ".war.new");
        String digest = ChangedWar.of(war, changed, Instant.now().toString());
        long begun = System.nanoTime();
        Files.move(changed, war, StandardCopyOption.ATOMIC_MOVE);
        while (true) {
            Map<String, Object> view = lab.runtime("hello");
            if (digest.equals(view.get("digest")) && "READY".equals(view.get("status"))) {
                return System.nanoTime() - begun;
            }
            if (lab.budget().spent() || "CREATE_FAILED".equals(view.get("status"))) {
                throw new IOException("The new version " + digest + " did not become ready: " + view);
            }
            Pause.of(LOOK);
        }
    }
}
