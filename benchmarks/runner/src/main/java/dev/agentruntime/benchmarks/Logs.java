package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.Streams.Offset;
import dev.agentruntime.benchmarks.wire.Exchanges;
import dev.agentruntime.benchmarks.wire.Exchanges.Arrival;
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
import java.util.stream.Stream;

/**
 * How soon a line that an agent prints is seen by who follows its log; and what a guest that prints 1 GB costs its neighbours, the
 * server's heap and the disk. A guest that computes for as long, and prints nothing, shows what of that is the processor's share.
 */
final class Logs implements Benchmark {

    private static final String NAME = "logs";
    private static final long SEEN_WITHIN = Duration.ofMillis(200).toNanos();
    private static final int PACE_MILLIS = 50;
    private static final Duration CALM = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final double FACTOR = 2;
    private static final long MOST_OF_A_SESSION = 8L << 20;
    private static final long PIECE = 20_000_000;
    private static final long SPIN = 10_000;
    private static final String LAST = "the flood is over";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(Lab lab, Report report) throws IOException {
        String session = Api.newSession();
        try (RawHttp http = lab.api().connect()) {
            Exchanges agent = lab.api().bench(http, session);
            agent.ask("clock");
            follow(lab, session, agent, report);
            flood(lab, session, agent, report);
        } finally {
            lab.api().end("bench", session);
        }
    }

    private static void follow(Lab lab, String session, Exchanges agent, Report report) throws IOException {
        int lines = lab.sizes().logLines();
        try (FollowedLog log = lab.api().follow("bench", session)) {
            agent.ask("print 20 " + PACE_MILLIS);
            log.marks(20);
            Offset offset = Streams.offset(agent);
            agent.ask("print " + lines + " " + PACE_MILLIS);
            List<Arrival> arrivals = log.marks(lines);
            Offset better = offset.better(Streams.offset(agent));
            Figures seen = Figures.of(Unit.TIME, arrivals.stream().map(better::delayNanos).toList());
            report.add(Row.of(NAME, "a line from printed in the VM to seen by who follows the log", seen)
                    .promising(Promise.of("each < 200 ms", seen.max() < SEEN_WITHIN))
                    .noting("printed " + PACE_MILLIS + " ms apart; clocks compared to within " + Unit.TIME.text(better.uncertainMicros() * 1000)));
        }
    }

    /** What was seen while something went on. */
    private record Meanwhile(List<Long> warm, List<Long> heap, long mostOnDisk, long nanos) {}

    private static void flood(Lab lab, String session, Exchanges agent, Report report) throws IOException {
        long bytes = lab.sizes().logBytes();
        try (Bystanders neighbours = new Bystanders(lab)) {
            long heapBefore = liveHeap(lab);
            List<Long> calm = neighbours.watch(CALM).warm();
            Meanwhile flooded = during(lab, neighbours, () -> inPieces(agent, "flood", bytes, PIECE));
            String last = awaitLast(lab, session);
            long kept = onDisk(lab);
            long heapAfter = liveHeap(lab);
            Meanwhile computed = during(lab, neighbours, () -> inPieces(agent, "spin", Duration.ofNanos(flooded.nanos()).toMillis(), SPIN));
            String what = " a guest that prints " + bytes / 1_000_000 + " MB";
            Row before = report.add(Row.of(NAME, "warm invocations of a neighbour before", Figures.of(Unit.TIME, calm)));
            Row beside = report.add(Row.of(NAME, "the same beside a guest that computes and prints nothing", Figures.of(Unit.TIME, computed.warm()))
                    .against(before));
            Row slowed = Row.of(NAME, "the same beside" + what, Figures.of(Unit.TIME, flooded.warm()));
            double ratio = (double) slowed.figures().p99() / beside.figures().p99();
            report.add(slowed.against(before).against(beside).promising(Promise.of("p99 at most double that beside a guest that computes", ratio <= FACTOR))
                    .noting("p99 " + Unit.decimal(ratio) + " times that beside a guest that computes, "
                            + Unit.decimal((double) slowed.figures().p99() / before.figures().p99()) + " times that before"));
            report.add(Row.of(NAME, "printed", Figures.of(Unit.RATE, (long) (bytes / (flooded.nanos() / 1e9)))));
            report.add(Row.of(NAME, "all logs on the disk meanwhile, at most", Figures.of(Unit.BYTES, flooded.mostOnDisk()))
                    .promising(Promise.of("≤ 8 MiB a session", flooded.mostOnDisk() <= 2 * MOST_OF_A_SESSION)));
            report.add(Row.of(NAME, "all logs on the disk after it", Figures.of(Unit.BYTES, kept))
                    .promising(Promise.of("the newest line is kept", last.contains(LAST))));
            report.add(Row.of(NAME, "server's heap meanwhile, garbage included", Figures.of(Unit.BYTES, flooded.heap())));
            Row live = report.add(Row.of(NAME, "server's heap before, after a collection", Figures.of(Unit.BYTES, heapBefore)));
            report.add(Row.of(NAME, "server's heap after, after a collection", Figures.of(Unit.BYTES, heapAfter)).against(live)
                    .promising(Promise.of("flat: within 10 MiB", Math.abs(heapAfter - heapBefore) < 10L << 20)));
        }
    }

    private interface Order {
        void give() throws IOException;
    }

    /** A request that is not answered for minutes would be given up. */
    private static void inPieces(Exchanges agent, String order, long all, long piece) throws IOException {
        for (long done = 0; done < all; done += piece) {
            agent.ask(order + " " + Math.min(piece, all - done));
        }
    }

    private static Meanwhile during(Lab lab, Bystanders neighbours, Order order) throws IOException {
        long begun = System.nanoTime();
        CompletableFuture<Long> done = CompletableFuture.supplyAsync(() -> {
            try {
                order.give();
                return System.nanoTime() - begun;
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        });
        List<Long> warm = new ArrayList<>();
        long mostOnDisk = 0;
        try (HeapWatch heap = new HeapWatch(lab.api())) {
            while (!done.isDone()) {
                warm.addAll(neighbours.watch(LOOK).warm());
                mostOnDisk = Math.max(mostOnDisk, onDisk(lab));
            }
            return new Meanwhile(warm, heap.seen(), mostOnDisk, done.join());
        }
    }

    /** The guest's ring may still be on its way to the host. */
    private static String awaitLast(Lab lab, String session) throws IOException {
        long begun = System.nanoTime();
        String last = lab.api().log("bench", session, 1);
        while (!last.contains(LAST) && System.nanoTime() - begun < Duration.ofSeconds(30).toNanos()) {
            Pause.of(Duration.ofMillis(100));
            last = lab.api().log("bench", session, 1);
        }
        return last;
    }

    private static long onDisk(Lab lab) throws IOException {
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

    private static long liveHeap(Lab lab) throws IOException {
        lab.server().collectGarbage();
        return lab.api().usedHeap();
    }
}
