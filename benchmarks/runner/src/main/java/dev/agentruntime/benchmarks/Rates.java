package dev.agentruntime.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Invocations at rates that do not wait for answers, of an agent over a hypervisor in memory that returns what it is sent. */
final class Rates implements Benchmark {

    private static final String NAME = "rates";
    private static final int CONNECTIONS = 16;
    private static final int WARM = 500;
    private static final int MOST = 5_000;
    private static final int[] RATES = {100, 500, 1_000, 2_000, MOST};

    private final Options options;

    Rates(Options options) {
        this.options = options;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(Lab lab, Report report) throws IOException {
        List<String> sessions = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            sessions.add(Api.newSession());
        }
        try (FrontServer server = new FrontServer(options)) {
            server.install();
            server.start();
            Duration time = lab.sizes().idleTime().dividedBy(2);
            SteadyRate.Call call = (http, connection) -> server.invoke(http, sessions.get(connection));
            new SteadyRate(WARM, CONNECTIONS, time, time).run(server::connect, call);
            for (int rate : RATES) {
                if (lab.budget().spent()) {
                    report.leftOut(NAME, "no time was left for " + rate + " a second; see --limit");
                    return;
                }
                ThreadTimes before = server.threads();
                SteadyRate.Served served = new SteadyRate(rate, CONNECTIONS, time, time).run(server::connect, call);
                report.add(row(rate, served, server.threads().since(before)));
            }
        }
    }

    private static Row row(int rate, SteadyRate.Served served, Map<String, Long> used) {
        int count = served.nanos().size();
        Row row = Row.of(NAME, rate + " invocations a second, from each one's moment to its answer", Figures.of(Unit.TIME, served.nanos()))
                .noting(Unit.decimal(served.perSecond()) + " a second were served, " + served.unsent() + " given up; CPU of each "
                        + Unit.TIME.text(ThreadTimes.sum(used, FrontServer.OWN) / count) + " without its guest, whose is "
                        + Unit.TIME.text(ThreadTimes.sum(used, FrontServer.GUESTS) / count) + ", and the JVM's compilers'");
        return rate < MOST ? row : row.promising(Promise.of("5,000 a second are served", served.perSecond() >= 0.98 * rate));
    }
}
