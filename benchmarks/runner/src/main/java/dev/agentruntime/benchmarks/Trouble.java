package dev.agentruntime.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What sessions notice of something that goes wrong beside them: each mishap after a calm phase of the same length. It
 * stops the host's libvirtd for a while, so it runs only when it is asked for by name.
 */
final class Trouble implements Benchmark {

    private static final String NAME = "trouble";
    private static final Duration PHASE = Duration.ofSeconds(15);
    private static final Duration ONSET = Duration.ofSeconds(1);
    private static final int POOL = 12;
    private static final double FACTOR = 2;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean isPartOfEveryRun() {
        return false;
    }

    @Override
    public void run(Lab lab, Report report) throws IOException {
        List<Mishap> mishaps = new ArrayList<>();
        for (Mishap mishap : Mishaps.all(lab.server())) {
            if (mishap.obstacle().isEmpty()) {
                mishaps.add(mishap);
            } else {
                report.leftOut(NAME, mishap.name() + ": " + mishap.obstacle());
            }
        }
        try {
            restart(lab, mishaps);
            try (Bystanders bystanders = new Bystanders(lab)) {
                for (Mishap mishap : mishaps) {
                    measure(mishap, lab, bystanders, report);
                }
            }
        } finally {
            lab.server().close();
            lab.server().forget();
            for (Mishap mishap : mishaps) {
                mishap.close();
            }
        }
    }

    private static void restart(Lab lab, List<Mishap> mishaps) throws IOException {
        lab.server().close();
        StringBuilder settings = new StringBuilder("<server>\n");
        mishaps.forEach(mishap -> settings.append(mishap.settings()).append('\n'));
        lab.server().override(settings.append("</server>\n").toString());
        lab.server().startWith("", "poolMin=\"" + POOL + "\" poolMax=\"" + POOL + "\"");
        lab.awaitReady("hello");
        lab.awaitReady("bench");
    }

    private static void measure(Mishap mishap, Lab lab, Bystanders bystanders, Report report) throws IOException {
        Progress.say(mishap.name());
        mishap.prepare(lab);
        lab.fillPool("hello", POOL);
        Bystanders.Seen calm = bystanders.watch(PHASE);
        lab.fillPool("hello", POOL);
        Bystanders.Seen troubled;
        try {
            mishap.begin(lab);
            Pause.of(ONSET);
            troubled = bystanders.watch(PHASE);
        } finally {
            mishap.end(lab);
        }
        tell("warm invocations", mishap, calm.warm(), troubled.warm(), report);
        tell("new sessions' first bytes", mishap, calm.starts(), troubled.starts(), report);
        report.add(Row.of(NAME, "requests that failed beside " + mishap.name(), Figures.of(Unit.COUNT, troubled.failures().size()))
                .promising(Promise.of("none", troubled.failures().isEmpty()))
                .noting(troubled.failures().stream().findFirst().orElse("")));
    }

    static void tell(String what, Mishap mishap, List<Long> calm, List<Long> troubled, Report report) {
        if (calm.isEmpty() || troubled.isEmpty()) {
            report.failed(NAME, what + " beside " + mishap.name() + ": none was answered");
            return;
        }
        Row before = report.add(Row.of(NAME, what + " before " + mishap.name(), Figures.of(Unit.TIME, calm)));
        Row beside = Row.of(NAME, what + " beside " + mishap.name(), Figures.of(Unit.TIME, troubled));
        double ratio = (double) beside.figures().p99() / before.figures().p99();
        report.add(beside.against(before).promising(Promise.of("p99 at most doubled", ratio <= FACTOR))
                .noting("p99 " + Unit.decimal(ratio) + " times that before"));
    }
}
