package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.Exchanges;
import dev.agentruntime.benchmarks.wire.RawHttp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A call that an agent makes out of its VM, by the outbound {@code host} to a servlet on the host's Liberty, in turns with the same call
 * made on the host, and with one that does not leave the VM. The same client makes all three.
 */
final class Outbound implements Benchmark {

    private static final String NAME = "outbound";
    private static final int ROUNDS = 5;
    private static final int WARM_UP = 600;
    private static final long BYTES = 100_000_000;
    private static final long WARM_UP_BYTES = 20_000_000;
    private static final long ALLOWED_NANOS = 5_000_000;
    private static final long LEAST_RATE = 20_000_000;

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
            small(agent, application, lab, report);
            large("down", "source", agent, application, lab, report);
            large("up", "sink", agent, application, lab, report);
        } finally {
            lab.api().end("bench", session);
        }
    }

    private static void small(Exchanges agent, Exchanges application, Lab lab, Report report) throws IOException {
        numbers(agent, "out echo " + WARM_UP + " 0");
        numbers(agent, "loop echo " + WARM_UP + " 0");
        application.echoes(WARM_UP, 0);
        int each = lab.sizes().invocations() / ROUNDS;
        for (int pause : new int[] {0, 10}) {
            List<Long> out = new ArrayList<>();
            List<Long> inside = new ArrayList<>();
            List<Long> onHost = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                out.addAll(numbers(agent, "out echo " + each + " " + pause));
                inside.addAll(numbers(agent, "loop echo " + each + " " + pause));
                onHost.addAll(application.echoes(each, pause));
            }
            String how = pause == 0 ? ", back to back" : ", " + pause + " ms apart";
            Row host = report.add(Row.of(NAME, "a call made on the host" + how, Figures.of(Unit.TIME, onHost)));
            Row within = report.add(Row.of(NAME, "a call within the VM, over loopback" + how, Figures.of(Unit.TIME, inside))
                    .noting("client and server share the VM's one processor and one JVM"));
            Row whole = Row.of(NAME, "a call out of the VM, by an outbound" + how, Figures.of(Unit.TIME, out));
            report.add(whole.against(host).against(within).promising(Promise.of("≤ the host's + 5 ms",
                    whole.figures().median() <= host.figures().median() + ALLOWED_NANOS)));
        }
    }

    private static void large(String direction, String order, Exchanges agent, Exchanges application, Lab lab, Report report)
            throws IOException {
        numbers(agent, "out " + order + " " + WARM_UP_BYTES);
        List<Long> out = new ArrayList<>();
        List<Long> onHost = new ArrayList<>();
        for (int i = 0; i < lab.sizes().transfers(); i++) {
            numbers(agent, "out " + order + " " + BYTES).forEach(nanos -> out.add(rate(nanos)));
            onHost.add(rate(direction.equals("up") ? application.upload(BYTES) : application.download(BYTES)));
        }
        Row host = report.add(Row.of(NAME, "100 MB " + direction + ", on the host", Figures.of(Unit.RATE, onHost)));
        Row whole = Row.of(NAME, "100 MB " + direction + ", out of the VM by an outbound", Figures.of(Unit.RATE, out));
        report.add(whole.against(host).promising(Promise.of("≥ 20 MB/s", whole.figures().median() >= LEAST_RATE)));
    }

    private static List<Long> numbers(Exchanges agent, String order) throws IOException {
        return Starts.numbers(agent.ask(order));
    }

    private static long rate(long nanos) {
        return (long) (BYTES / (nanos / 1e9));
    }
}
