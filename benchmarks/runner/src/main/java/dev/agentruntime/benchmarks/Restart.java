package dev.agentruntime.benchmarks;

import java.util.Optional;

/** The server's next start on this host, with the templates that the one before left. */
final class Restart implements Benchmark {

    private static final String NAME = "restart";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(Lab lab, Report report) {
        lab.server().close();
        long begun = System.nanoTime();
        lab.server().startAgain();
        Startup startup = Startup.await(lab, begun);
        report.add(against(Startup.READY, startup.readyNanos(), report));
        report.add(against(Startup.FILLED, startup.filledNanos(), report));
        long built = lab.server().logged(ColdBoot.TEMPLATE).stream().count();
        report.add(Row.of(NAME, "base templates built meanwhile", Figures.of(Unit.COUNT, built))
                .promising(Promise.of("none", built == 0)));
    }

    private static Row against(String measure, long nanos, Report report) {
        Row row = Row.of(NAME, "the second start: " + measure, Figures.of(Unit.TIME, nanos));
        Optional<Row> first = report.find(ColdBoot.NAME, measure);
        return first.map(row::against).orElse(row);
    }
}
