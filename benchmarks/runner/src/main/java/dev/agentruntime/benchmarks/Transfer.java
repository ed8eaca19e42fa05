package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.Exchanges;
import dev.agentruntime.benchmarks.wire.RawHttp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * 100 MB into and out of a session, in turns with the same over the raw channel of a VM of the same hardware, which leaves all
 * of the product out. The other baselines are inside the VM, which leaves the channel out, and on the host's Liberty, which
 * leaves the VM out.
 */
final class Transfer implements Benchmark {

    private static final String NAME = "transfer";
    private static final long BYTES = 100_000_000;
    private static final long WARM_UP = 20_000_000;
    private static final double RAW_SHARE = 0.8;

    private interface Way {
        long nanos(Exchanges with, long bytes) throws IOException;
    }

    private interface BareWay {
        long nanos(BareChannel over, long bytes) throws IOException;
    }

    /** @param order the benchmark agent's for the same within its VM */
    private record Direction(String name, String order, Way way, BareWay bareWay) {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(Lab lab, Report report) throws IOException {
        String session = Api.newSession();
        try {
            Hardware hardware = hardware(session, lab);
            try (BareChannel raw = BareChannel.open(hardware, Serving.SHELL);
                    BareChannel mux = BareChannel.open(hardware, Serving.MULTIPLEXER)) {
                measure(new Direction("up", "sink", Exchanges::upload, BareChannel::upload), session, raw, mux, lab, report);
                measure(new Direction("down", "source", Exchanges::download, BareChannel::download), session, raw, mux, lab, report);
            }
        } finally {
            lab.api().end("bench", session);
        }
    }

    /** Begins the session. */
    private static Hardware hardware(String session, Lab lab) throws IOException {
        try (RawHttp http = lab.api().connect()) {
            lab.api().bench(http, session).ask("clock");
        }
        return Hardware.of(VmProcess.of(lab.api().session("bench", session).vm()).commandLine());
    }

    private static void measure(
            Direction direction, String session, BareChannel rawChannel, BareChannel multiplexer, Lab lab, Report report)
            throws IOException {
        Way way = direction.way();
        BareWay bare = direction.bareWay();
        String order = direction.order();
        List<Long> through = new ArrayList<>();
        List<Long> raw = new ArrayList<>();
        List<Long> mux = new ArrayList<>();
        List<Long> inside = new ArrayList<>();
        List<Long> plain = new ArrayList<>();
        List<Long> live = new ArrayList<>();
        HeapWatch heap;
        long before;
        try (RawHttp toAgent = lab.api().connect(); RawHttp toPlain = lab.api().connect()) {
            Exchanges agent = lab.api().bench(toAgent, session);
            Exchanges application = lab.api().plain(toPlain);
            way.nanos(agent, WARM_UP);
            bare.nanos(rawChannel, WARM_UP);
            bare.nanos(multiplexer, WARM_UP);
            way.nanos(application, WARM_UP);
            agent.ask("loop " + order + " " + WARM_UP);
            before = liveHeap(lab);
            heap = new HeapWatch(lab.api());
            try (heap) {
                for (int i = 0; i < lab.sizes().transfers() && (i == 0 || !lab.budget().spent()); i++) {
                    raw.add(rate(bare.nanos(rawChannel, BYTES)));
                    mux.add(rate(bare.nanos(multiplexer, BYTES)));
                    through.add(rate(way.nanos(agent, BYTES)));
                    live.add(liveHeap(lab));
                }
            }
            for (int i = 0; i < lab.sizes().transfers(); i++) {
                inside.addAll(Starts.numbers(agent.ask("loop " + order + " " + BYTES)).stream().map(Transfer::rate).toList());
                plain.add(rate(way.nanos(application, BYTES)));
            }
        }
        String what = "100 MB " + direction.name();
        Row channel = report.add(Row.of(NAME, what + " over the raw channel", Figures.of(Unit.RATE, raw))
                .noting("a VM of the same hardware in which a shell has the port: no multiplexer, no HTTP, no Java"));
        report.add(Row.of(NAME, what + " over the multiplexer alone", Figures.of(Unit.RATE, mux)).against(channel)
                .noting("the same, with the product's multiplexer on either end and nothing behind it"));
        Row within = report.add(Row.of(NAME, what + " inside the VM, over loopback", Figures.of(Unit.RATE, inside)).against(channel));
        Row host = report.add(Row.of(NAME, what + " on the host's Liberty", Figures.of(Unit.RATE, plain)));
        Row whole = Row.of(NAME, what + " through the platform", Figures.of(Unit.RATE, through));
        report.add(whole.against(channel).against(within).against(host)
                .promising(Promise.of("≥ 0.8 of the raw channel", whole.figures().ratioTo(channel.figures()) >= RAW_SHARE)));
        report.add(Row.of(NAME, "server's heap during " + what + ", garbage included", Figures.of(Unit.BYTES, heap.seen())));
        Row live0 = report.add(Row.of(NAME, "server's heap before " + what + ", after a collection", Figures.of(Unit.BYTES, before)));
        Row after = Row.of(NAME, "server's heap after " + what + ", after a collection", Figures.of(Unit.BYTES, live));
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
