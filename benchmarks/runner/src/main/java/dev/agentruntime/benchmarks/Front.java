package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.RawHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the host does for an invocation besides its VM: the product in an Open Liberty over a hypervisor in memory. CPU time is that of the
 * server's threads but for those of the guests in memory and of the JVM's compilers, in turns with a servlet that the same token opens.
 */
final class Front implements Benchmark {

    private static final String NAME = "front";
    private static final int ROUNDS = 10;
    private static final int WARM_UPS = 15;
    private static final int WARM_CALLS = 1_000;
    /** For warming up: on a busy machine the compilers need longer than the calls. */
    private static final Duration LONGEST_WARM_UP = Duration.ofMinutes(2);
    private static final long MOST_NANOS = 700_000;

    private final Options options;

    Front(Options options) {
        this.options = options;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(Lab lab, Report report) throws IOException {
        try (FrontServer server = new FrontServer(options)) {
            server.install();
            server.start();
            calls(server, lab, report);
        }
    }

    private static void calls(FrontServer server, Lab lab, Report report) throws IOException {
        Sizes sizes = lab.sizes();
        Budget warming = Budget.of(LONGEST_WARM_UP);
        String session = Api.newSession();
        Series invocations = new Series();
        Series guarded = new Series();
        for (int i = 0; i < WARM_UPS && !warming.spent(); i++) {
            new Series().round(server, WARM_CALLS, server::guarded);
            new Series().round(server, WARM_CALLS, http -> server.invoke(http, session));
        }
        for (int round = 0; round < ROUNDS && (round == 0 || !lab.budget().spent()); round++) {
            guarded.round(server, sizes.invocations(), server::guarded);
            invocations.round(server, sizes.invocations(), http -> server.invoke(http, session));
        }
        Row base = report.add(guarded.cpu("CPU of a servlet that the same token opens, each call"));
        Row own = invocations.cpu("CPU of an invocation without its guest, each call");
        report.add(own.against(base).promising(Promise.of("≤ 0.7 ms", own.figures().median() <= MOST_NANOS)));
        Row quick = report.add(Row.of(NAME, "the servlet, back to back", Figures.of(Unit.TIME, guarded.nanos)));
        report.add(Row.of(NAME, "an invocation, back to back", Figures.of(Unit.TIME, invocations.nanos)).against(quick));
    }

    private interface One {
        long over(RawHttp http) throws IOException;
    }

    /** Calls of one kind, round by round. */
    private static final class Series {
        private final List<Long> nanos = new ArrayList<>();
        private final List<Long> cpu = new ArrayList<>();
        private final Map<String, Long> kinds = new TreeMap<>();
        private long calls;

        void round(FrontServer server, int count, One one) throws IOException {
            ThreadTimes before = server.threads();
            try (RawHttp http = server.connect()) { // a new one: the server closes those that rest while the others have their turn
                for (int i = 0; i < count; i++) {
                    nanos.add(one.over(http));
                }
            }
            Map<String, Long> used = server.threads().since(before);
            used.forEach((kind, time) -> kinds.merge(kind, time, Long::sum));
            cpu.add(ThreadTimes.sum(used, FrontServer.OWN) / count);
            calls += count;
        }

        Row cpu(String measure) {
            return Row.of(NAME, measure, Figures.of(Unit.TIME, cpu)).noting(kinds.entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())).limit(8)
                    .map(kind -> kind.getKey() + " " + Unit.decimal(kind.getValue() / 1e6 / calls))
                    .collect(Collectors.joining(", ", "a figure for each of " + cpu.size() + " rounds; ms by threads: ", "")));
        }
    }
}
