package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.Exchanges;
import dev.agentruntime.benchmarks.wire.RawHttp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A small request to a session that is warm: through the platform, to the same servlet from inside the VM, and to the same
 * servlet as an ordinary application of the host's Liberty. In turns, so that a change of the host's load falls on all three.
 */
final class Warm implements Benchmark {

    private static final String NAME = "warm";
    private static final int ROUNDS = 5;
    private static final int WARM_UP = 600;
    private static final double FACTOR = 1.25;
    private static final long EXTRA_NANOS = 2_000_000;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(Lab lab, Report report) throws IOException {
        String session = Api.newSession();
        List<Long> through = new ArrayList<>();
        List<Long> inside = new ArrayList<>();
        List<Long> plain = new ArrayList<>();
        try (RawHttp toAgent = lab.api().connect(); RawHttp toPlain = lab.api().connect()) {
            Exchanges agent = lab.api().bench(toAgent, session);
            Exchanges application = lab.api().plain(toPlain);
            agent.echoes(WARM_UP);
            agent.ask("loop echo " + WARM_UP);
            application.echoes(WARM_UP);
            int each = lab.sizes().invocations() / ROUNDS;
            for (int i = 0; i < ROUNDS; i++) {
                through.addAll(agent.echoes(each));
                inside.addAll(Starts.numbers(agent.ask("loop echo " + each)));
                plain.addAll(application.echoes(each));
            }
        } finally {
            lab.api().end("bench", session);
        }
        Row within = report.add(Row.of(NAME, "the same servlet from inside the VM, over loopback", Figures.of(Unit.TIME, inside))
                .noting("client and server share the VM's one processor"));
        Row host = report.add(Row.of(NAME, "the same servlet on the host's Liberty, no VM, no token", Figures.of(Unit.TIME, plain)));
        Row invocation = Row.of(NAME, "invocation through the platform", Figures.of(Unit.TIME, through));
        long allowed = (long) (FACTOR * within.figures().median()) + EXTRA_NANOS;
        report.add(invocation.against(within).against(host)
                .promising(Promise.of("≤ 1.25x the time inside + 2 ms", invocation.figures().median() <= allowed)));
    }
}
