package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.Exchanges;
import dev.agentruntime.benchmarks.wire.RawHttp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A small request to a session that is warm: through the platform, to the same servlet from inside the VM, and to the same
 * servlet as an ordinary application of the host's Liberty. In turns, so that a change of the host's load falls on all three.
 * Back to back, which from inside leaves the VM no moment to rest, and 10 ms apart, where it rests before each of them
 * whoever asks.
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
        try (RawHttp toAgent = lab.api().connect(); RawHttp toPlain = lab.api().connect()) {
            Exchanges agent = lab.api().bench(toAgent, session);
            Exchanges application = lab.api().plain(toPlain);
            agent.echoes(WARM_UP, 0);
            inside(agent, WARM_UP, 0);
            application.echoes(WARM_UP, 0);
            int each = lab.sizes().invocations() / ROUNDS;
            for (int pause : new int[] {0, 10}) {
                List<Long> through = new ArrayList<>();
                List<Long> inside = new ArrayList<>();
                List<Long> plain = new ArrayList<>();
                for (int i = 0; i < ROUNDS; i++) {
                    through.addAll(agent.echoes(each, pause));
                    inside.addAll(inside(agent, each, pause));
                    plain.addAll(application.echoes(each, pause));
                }
                tell(pause == 0 ? ", back to back" : ", " + pause + " ms apart", through, inside, plain, report);
            }
        } finally {
            lab.api().end("bench", session);
        }
    }

    private static List<Long> inside(Exchanges agent, int count, int pause) throws IOException {
        return Starts.numbers(agent.ask("loop echo " + count + " " + pause));
    }

    private static void tell(String how, List<Long> through, List<Long> inside, List<Long> plain, Report report) {
        Row within = report.add(Row.of(NAME, "the same servlet from inside the VM, over loopback" + how, Figures.of(Unit.TIME, inside))
                .noting("client and server share the VM's one processor and one JVM"));
        Row host = report.add(Row.of(NAME, "the same servlet on the host's Liberty, no VM, no token" + how, Figures.of(Unit.TIME, plain)));
        Row invocation = Row.of(NAME, "invocation through the platform" + how, Figures.of(Unit.TIME, through));
        long allowed = (long) (FACTOR * within.figures().median()) + EXTRA_NANOS;
        report.add(invocation.against(within).against(host)
                .promising(Promise.of("≤ 1.25x the time inside + 2 ms", invocation.figures().median() <= allowed)));
    }
}
