package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.RawHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** What a thousand sessions at rest cost the server besides their VMs, which are in its memory. */
final class Crowd implements Benchmark {

    private static final String NAME = "crowd";
    private static final int SESSIONS = 1_000;
    private static final int AT_ONCE = 8;
    /** Until all are paused, and what the first of them have left to do is done. */
    private static final Duration SETTLE = Duration.ofSeconds(15);
    private static final int MOST_AT_REST = 2_000;
    private static final int MOST_BYTES = 2_048;

    private final Options options;

    Crowd(Options options) {
        this.options = options;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(Lab lab, Report report) throws IOException {
        Duration time = lab.sizes().idleTime();
        try (FrontServer server = new FrontServer(options)) {
            server.install();
            server.start();
            begin(server, 2 * AT_ONCE);
            Pause.of(SETTLE);
            long empty = server.heap();
            long before = atRest(server, time);
            List<Long> starts = begin(server, SESSIONS);
            report.add(Row.of(NAME, "start of a session, " + AT_ONCE + " at a time, up to " + SESSIONS + " alive", Figures.of(Unit.TIME, starts)));
            Pause.of(SETTLE);
            long after = atRest(server, time);
            long each = Math.max(0, server.heap() - empty) / SESSIONS;
            report.add(Row.of(NAME, "the server at rest, before", Figures.of(Unit.CORE, before)));
            report.add(Row.of(NAME, "the server at rest with " + SESSIONS + " more live sessions", Figures.of(Unit.CORE, after))
                    .promising(Promise.of("1,000 sessions use < 2 % of a core", after - before < MOST_AT_REST)));
            report.add(Row.of(NAME, "heap of a live session", Figures.of(Unit.BYTES, each))
                    .promising(Promise.of("≤ 2 KiB", each <= MOST_BYTES))
                    .noting(Unit.decimal(each / 1024.0) + " KiB each, with its VM in memory and the connection to it"));
        }
    }

    private static List<Long> begin(FrontServer server, int count) throws IOException {
        List<Callable<Long>> begun = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            begun.add(() -> {
                try (RawHttp http = server.connect()) {
                    return server.begin(http, Api.newSession());
                }
            });
        }
        return Lab.atOnce(AT_ONCE, begun);
    }

    /** Thousandths of a percent of a core. */
    private static long atRest(FrontServer server, Duration time) throws IOException {
        ThreadTimes before = server.threads();
        long begun = System.nanoTime();
        Pause.of(time);
        long used = ThreadTimes.sum(server.threads().since(before), FrontServer.OWN);
        return Math.round((double) used / (System.nanoTime() - begun) * 100_000);
    }
}
