package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.Exchanges;
import dev.agentruntime.benchmarks.wire.RawHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a guest that prints without end costs its neighbours, its own invocations, the server's heap and the disk. A guest that computes, and
 * prints nothing, shows what of that is the processor's share: it takes a core as well, and its own invocations share its one processor.
 */
final class LogFlood {

    private static final Duration CALM = Duration.ofSeconds(20);
    private static final Duration MOST_OF_A_COMPARISON = Duration.ofSeconds(40);
    private static final Duration CHATTER = Duration.ofSeconds(30);
    private static final Duration MOST = Duration.ofSeconds(200);
    private static final Pattern NUMBER = Pattern.compile("\\d{1,12}\\b");
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final double FACTOR = 2;
    private static final long MOST_OF_A_SESSION = 8L << 20;
    /** A request that is not answered for minutes would be given up. */
    private static final long PIECE_BYTES = 20_000_000;
    private static final long PIECE_MILLIS = 10_000;
    /** Of which the platform keeps 4,097 characters; straight to the process's output. */
    private static final int LONG_LINE = 10_000;
    /** By System.out. */
    private static final int SHORT_LINE = 100;
    private static final int WARM_UP = 300;
    private static final String LAST = "the-flood-is-over";

    /** What was seen while something went on. */
    private record Meanwhile(
            List<Long> neighbour, List<Long> own, List<Long> starts, List<Long> heap, List<String> failures, long mostOnDisk, long nanos) {

        boolean isServed() {
            return !neighbour.isEmpty() && !own.isEmpty() && !starts.isEmpty();
        }
    }

    /** What the same was before, and beside a guest that computes. */
    private record Compared(Row before, Row computing) {}

    private interface Order {
        void give(Exchanges agent) throws IOException;
    }

    private final Lab lab;
    private final Report report;
    private final String session = Api.newSession();
    private final Bystanders neighbours;

    private LogFlood(Lab lab, Report report, Bystanders neighbours) {
        this.lab = lab;
        this.report = report;
        this.neighbours = neighbours;
    }

    static void run(Lab lab, Report report) throws IOException {
        try (Bystanders neighbours = new Bystanders(lab)) {
            LogFlood flood = new LogFlood(lab, report, neighbours);
            try {
                flood.run();
            } finally {
                lab.api().end("bench", flood.session);
            }
        }
    }

    private void run() throws IOException {
        over(agent -> agent.echoes(WARM_UP, 0));
        long heapBefore = liveHeap();
        long diskBefore = onDisk();
        Meanwhile calm = during(agent -> Pause.of(CALM));
        long[] printed = new long[2];
        Meanwhile flooded = during(agent -> {
            printed[0] = inPieces(agent, "flood", lab.sizes().logBytes(), PIECE_BYTES, " " + LONG_LINE);
            agent.ask("say " + LAST);
        });
        String last = awaitLast();
        long kept = onDisk() - diskBefore;
        long heapAfter = liveHeap();
        long compared = Math.min(Duration.ofNanos(flooded.nanos()).toMillis(), MOST_OF_A_COMPARISON.toMillis());
        Meanwhile computed = during(agent -> inPieces(agent, "spin", compared, PIECE_MILLIS, ""));
        Meanwhile chattered = during(agent -> printed[1] = inPieces(agent, "chatter", CHATTER.toMillis(), PIECE_MILLIS, " " + SHORT_LINE));
        kept(flooded.mostOnDisk() - diskBefore, kept, last);
        heap(flooded, heapBefore, heapAfter);
        report.add(Row.of(Logs.NAME, "printed straight to the process's output, in lines of " + LONG_LINE + " bytes",
                Figures.of(Unit.RATE, perSecond(printed[0], flooded.nanos()))));
        report.add(Row.of(Logs.NAME, "printed by System.out, in lines of " + SHORT_LINE + " bytes",
                Figures.of(Unit.RATE, perSecond(printed[1] * SHORT_LINE, chattered.nanos()))));
        List<Meanwhile> phases = List.of(calm, flooded, computed, chattered);
        List<String> failures = phases.stream().flatMap(phase -> phase.failures().stream()).toList();
        report.add(Row.of(Logs.NAME, "requests that failed", Figures.of(Unit.COUNT, failures.size()))
                .promising(Promise.of("none", failures.isEmpty())).noting(failures.stream().findFirst().orElse("")));
        if (phases.stream().allMatch(Meanwhile::isServed)) {
            tell(printed[0], calm, flooded, computed, chattered);
        } else {
            report.failed(Logs.NAME, "not everybody was served, of whom it was to be told how soon");
        }
    }

    private void tell(long bytes, Meanwhile calm, Meanwhile flooded, Meanwhile computed, Meanwhile chattered) {
        String printing = "a guest that prints " + bytes / 1_000_000 + " MB";
        String chattering = "one that prints lines of " + SHORT_LINE + " bytes";
        Compared neighbour = tell("warm invocations of a neighbour", calm.neighbour(), computed.neighbour());
        beside("warm invocations of a neighbour beside " + printing, flooded.neighbour(), neighbour);
        beside("warm invocations of a neighbour beside " + chattering, chattered.neighbour(), neighbour);
        Compared own = tell("a guest's own warm invocations", calm.own(), computed.own());
        beside("a guest's own warm invocations while it prints " + bytes / 1_000_000 + " MB", flooded.own(), own);
        beside("a guest's own warm invocations while it prints lines of " + SHORT_LINE + " bytes", chattered.own(), own);
        Compared starts = tell("new sessions' first bytes", calm.starts(), computed.starts());
        beside("new sessions' first bytes beside " + printing, flooded.starts(), starts);
    }

    private Compared tell(String what, List<Long> calm, List<Long> computed) {
        Row before = report.add(Row.of(Logs.NAME, what + " before", Figures.of(Unit.TIME, calm)));
        return new Compared(before, report.add(
                Row.of(Logs.NAME, what + " beside a guest that computes and prints nothing", Figures.of(Unit.TIME, computed)).against(before)));
    }

    private void beside(String what, List<Long> seen, Compared with) {
        Row row = Row.of(Logs.NAME, what, Figures.of(Unit.TIME, seen));
        double ratio = p99Ratio(row, with.computing());
        report.add(row.against(with.before()).against(with.computing())
                .promising(Promise.of("p99 at most double that beside one that computes", ratio <= FACTOR))
                .noting("p99 " + Unit.decimal(ratio) + " times that beside one that computes, "
                        + Unit.decimal(p99Ratio(row, with.before())) + " times that before"));
    }

    private static double p99Ratio(Row row, Row other) {
        return (double) row.figures().p99() / other.figures().p99();
    }

    private void kept(long most, long kept, String last) {
        report.add(Row.of(Logs.NAME, "logs on the disk meanwhile, at most, without those of before", Figures.of(Unit.BYTES, most))
                .promising(Promise.of("≤ 8 MiB a session", most <= MOST_OF_A_SESSION + MOST_OF_A_SESSION / 8)));
        report.add(Row.of(Logs.NAME, "logs on the disk after it, without those of before", Figures.of(Unit.BYTES, kept))
                .promising(Promise.of("the newest line is kept", last.contains(LAST))));
    }

    private void heap(Meanwhile flooded, long before, long after) {
        report.add(Row.of(Logs.NAME, "server's heap meanwhile, garbage included", Figures.of(Unit.BYTES, flooded.heap())));
        Row live = report.add(Row.of(Logs.NAME, "server's heap before, after a collection", Figures.of(Unit.BYTES, before)));
        report.add(Row.of(Logs.NAME, "server's heap after, after a collection", Figures.of(Unit.BYTES, after)).against(live)
                .promising(Promise.of("flat: within 10 MiB", Math.abs(after - before) < 10L << 20)));
    }

    private static long perSecond(long bytes, long nanos) {
        return (long) (bytes / (nanos / 1e9));
    }

    /** For some minutes at most. Returns the sum of what the agent says that it has done. */
    private static long inPieces(Exchanges agent, String order, long all, long piece, String more) throws IOException {
        long begun = System.nanoTime();
        long sum = 0;
        for (long done = 0; done < all && System.nanoTime() - begun < MOST.toNanos(); done += piece) {
            Matcher number = NUMBER.matcher(agent.ask(order + " " + Math.min(piece, all - done) + more));
            sum += number.lookingAt() ? Long.parseLong(number.group()) : 0;
        }
        return sum;
    }

    /** Over a connection of its own: the server closes one that has been at rest since the phase before. */
    private void over(Order order) throws IOException {
        try (RawHttp http = lab.api().connect()) {
            order.give(lab.api().bench(http, session));
        }
    }

    private Meanwhile during(Order order) throws IOException {
        long begun = System.nanoTime();
        CompletableFuture<Long> done = CompletableFuture.supplyAsync(() -> {
            try {
                over(order);
                return System.nanoTime() - begun;
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        });
        List<Long> warm = new ArrayList<>();
        List<Long> starts = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        long mostOnDisk = 0;
        try (HeapWatch heap = new HeapWatch(lab.api()); OwnCalls own = new OwnCalls(lab.api(), session)) {
            while (!done.isDone()) {
                Bystanders.Seen seen = neighbours.watch(LOOK);
                warm.addAll(seen.warm());
                starts.addAll(seen.starts());
                failures.addAll(seen.failures());
                mostOnDisk = Math.max(mostOnDisk, onDisk());
            }
            long nanos = done.join();
            failures.addAll(own.failures());
            return new Meanwhile(warm, own.seen(), starts, heap.seen(), failures, mostOnDisk, nanos);
        }
    }

    /** The guest's ring may still be on its way to the host. */
    private String awaitLast() throws IOException {
        long begun = System.nanoTime();
        String last = lab.api().log("bench", session, 1);
        while (!last.contains(LAST) && System.nanoTime() - begun < Duration.ofSeconds(30).toNanos()) {
            Pause.of(Duration.ofMillis(100));
            last = lab.api().log("bench", session, 1);
        }
        return last;
    }

    private long onDisk() throws IOException {
        try (Stream<Path> files = Files.walk(lab.server().logs())) {
            long bytes = 0;
            for (Path file : files.toList()) {
                bytes += size(file);
            }
            return bytes;
        }
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (NoSuchFileException justDeleted) {
            return 0;
        }
    }

    private long liveHeap() throws IOException {
        lab.server().collectGarbage();
        return lab.api().usedHeap();
    }
}
