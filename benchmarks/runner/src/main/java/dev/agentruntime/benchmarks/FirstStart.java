package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.RawHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The first invocations after a start of the server, over a hypervisor in memory: what of the host's own way is slow once. */
final class FirstStart implements Benchmark {

    private static final String NAME = "firststart";
    private static final Duration SETTLE = Duration.ofSeconds(3);
    private static final long MOST = 100_000_000;
    private static final int SERVERS = 5;

    private final Options options;

    FirstStart(Options options) {
        this.options = options;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(Lab lab, Report report) throws IOException {
        List<Long> first = new ArrayList<>();
        List<Long> cpu = new ArrayList<>();
        List<Long> second = new ArrayList<>();
        List<Long> ready = new ArrayList<>();
        try (FrontServer server = new FrontServer(options)) {
            server.install();
            for (int i = 0; i < Math.min(SERVERS, Math.max(2, lab.sizes().rounds())) && !lab.budget().spent(); i++) {
                ready.add(server.start());
                Pause.of(SETTLE);
                try (RawHttp http = server.connect()) {
                    ThreadTimes before = server.threads();
                    first.add(server.invoke(http, Api.newSession()));
                    Map<String, Long> used = server.threads().since(before);
                    cpu.add(ThreadTimes.sum(used, FrontServer.OWN));
                    second.add(server.invoke(http, Api.newSession()));
                }
                server.close();
            }
        }
        if (first.isEmpty()) {
            report.leftOut(NAME, "no time was left; see --limit");
            return;
        }
        report.add(Row.of(NAME, "from the server's start command to its agent's READY", Figures.of(Unit.TIME, ready)));
        Row row = Row.of(NAME, "the first invocation after that", Figures.of(Unit.TIME, first));
        report.add(row.promising(Promise.of("< 100 ms", row.figures().max() < MOST)).noting(SETTLE.toSeconds() + " s after READY"));
        report.add(Row.of(NAME, "CPU of the server until it was answered", Figures.of(Unit.TIME, cpu)).noting("without the JVM's compilers"));
        report.add(Row.of(NAME, "the second", Figures.of(Unit.TIME, second)).noting("of another session"));
    }
}
