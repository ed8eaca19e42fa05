package dev.agentruntime.benchmarks;

import java.io.IOException;
import java.util.List;

/** A session's start from each rung of the ladder, the server started anew for each; eight at once find eight VMs waiting there. */
final class Rungs implements Benchmark {

    private static final String NAME = "rungs";
    private static final String POOL = "poolMin=\"8\" poolMax=\"8\"";

    private record Way(String mode, String jvmOption, String attributes, int waiting) {

        static Way of(String rung) {
            return new Way(rung, "-Dagentruntime.rungs=" + rung, POOL, Starts.AT_ONCE);
        }
    }

    private static final List<Way> WAYS =
            List.of(Way.of("primed"), Way.of("loaded"), Way.of("shell"), new Way("clone", "", "poolMax=\"0\"", 0));

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(Lab lab, Report report) throws IOException {
        for (Way way : WAYS) {
            if (lab.budget().spent()) {
                report.leftOut(NAME, way.mode() + ": no time was left");
                continue;
            }
            Progress.say(way.mode());
            lab.server().close();
            lab.server().startWith(way.jvmOption(), way.attributes());
            lab.awaitReady("hello");
            lab.fillPool("hello", way.waiting());
            Starts.measure(NAME, lab, lab.sizes().rungStarts(), lab.sizes().rungRounds(), way.waiting(), report);
        }
    }
}
