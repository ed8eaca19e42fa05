package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.Exchanges;
import dev.agentruntime.benchmarks.wire.RawHttp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * 100 MB into and out of a session. The raw channel cannot be reached from outside the server; the baselines are the same
 * transfers inside the VM, which leave the channel out, and on the host's Liberty, which leave the VM out.
 */
final class Transfer implements Benchmark {

    private static final String NAME = "transfer";
    private static final long BYTES = 100_000_000;
    private static final long WARM_UP = 5_000_000;

    private interface Way {
        long nanos(Exchanges with, long bytes) throws IOException;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(Lab lab, Report report) throws IOException {
        String session = Api.newSession();
        try {
            way("up", "sink", Exchanges::upload, session, lab, report);
            way("down", "source", Exchanges::download, session, lab, report);
        } finally {
            lab.api().end("bench", session);
        }
    }

    private static void way(String name, String order, Way way, String session, Lab lab, Report report) throws IOException {
        List<Long> through = new ArrayList<>();
        List<Long> inside = new ArrayList<>();
        List<Long> plain = new ArrayList<>();
        List<Long> live = new ArrayList<>();
        HeapWatch heap;
        long before;
        try (RawHttp toAgent = lab.api().connect(); RawHttp toPlain = lab.api().connect()) {
            Exchanges agent = lab.api().bench(toAgent, session);
            Exchanges application = lab.api().plain(toPlain);
            way.nanos(agent, WARM_UP);
            way.nanos(application, WARM_UP);
            agent.ask("loop " + order + " " + WARM_UP);
            before = liveHeap(lab);
            heap = new HeapWatch(lab.api());
            try (heap) {
                for (int i = 0; i < lab.sizes().transfers() && (i == 0 || !lab.budget().spent()); i++) {
                    through.add(rate(way.nanos(agent, BYTES)));
                    live.add(liveHeap(lab));
                }
            }
            for (int i = 0; i < lab.sizes().transfers(); i++) {
                inside.addAll(Starts.numbers(agent.ask("loop " + order + " " + BYTES)).stream().map(Transfer::rate).toList());
                plain.add(rate(way.nanos(application, BYTES)));
            }
        }
        Row within = report.add(Row.of(NAME, "100 MB " + name + " inside the VM, over loopback", Figures.of(Unit.RATE, inside)));
        Row host = report.add(Row.of(NAME, "100 MB " + name + " on the host's Liberty", Figures.of(Unit.RATE, plain)));
        report.add(Row.of(NAME, "100 MB " + name + " through the platform", Figures.of(Unit.RATE, through))
                .against(within).against(host));
        report.add(Row.of(NAME, "server's heap during 100 MB " + name + ", garbage included", Figures.of(Unit.BYTES, heap.seen())));
        Row live0 = report.add(Row.of(NAME, "server's heap before 100 MB " + name + ", after a collection", Figures.of(Unit.BYTES, before)));
        Row after = Row.of(NAME, "server's heap after 100 MB " + name + ", after a collection", Figures.of(Unit.BYTES, live));
        report.add(after.against(live0).promising(Promise.of("flat: within 10 MiB",
                Math.abs(after.figures().median() - before) < 10L << 20)));
    }

    private static long liveHeap(Lab lab) throws IOException {
        lab.server().collectGarbage();
        return lab.api().usedHeap();
    }

    private static long rate(long nanos) {
        return (long) (BYTES / (nanos / 1e9));
    }
}
