package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.RawHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Requests at a rate that does not wait for answers: each has its moment, and its time counts from that moment, so that a server that falls
 * behind is seen to, and given up where it falls far behind.
 *
 * @param perSecond   requests, all connections together
 * @param connections each for one request at a time
 * @param patience    for requests whose moment has passed, once all moments have
 */
record SteadyRate(int perSecond, int connections, Duration time, Duration patience) {

    /** One request over a connection; fails where it was not answered as it should be. */
    interface Call {
        void over(RawHttp http, int connection) throws IOException;
    }

    interface Dial {
        RawHttp connect() throws IOException;
    }

    /**
     * @param nanos   of each request that was sent, from its moment to its answer
     * @param unsent  those that were given up
     * @param elapsed nanoseconds from the first moment to the last answer
     */
    record Served(List<Long> nanos, long unsent, long elapsed) {

        double perSecond() {
            return nanos.size() / (elapsed / 1e9);
        }
    }

    Served run(Dial dial, Call call) throws IOException {
        long begin = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
        List<Callable<List<Long>>> tasks = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            int connection = i;
            tasks.add(() -> calls(dial, call, connection, begin));
        }
        List<Long> all = new ArrayList<>();
        Lab.atOnce(connections, tasks).forEach(all::addAll);
        return new Served(all, each() * connections - all.size(), System.nanoTime() - begin);
    }

    private List<Long> calls(Dial dial, Call call, int connection, long begin) throws IOException {
        List<Long> nanos = new ArrayList<>();
        try (RawHttp http = dial.connect()) {
            long end = begin + time.plus(patience).toNanos();
            for (long i = 0; i < each() && System.nanoTime() - end < 0; i++) {
                long moment = begin + moment(i, connection);
                long wait = moment - System.nanoTime();
                if (wait > 0) {
                    Pause.of(Duration.ofNanos(wait));
                }
                call.over(http, connection);
                nanos.add(System.nanoTime() - moment);
            }
        }
        return nanos;
    }

    private long each() {
        return time.toMillis() * perSecond / 1000 / connections;
    }

    /** Nanoseconds after the beginning: connections take turns. */
    long moment(long request, int connection) {
        return (request * connections + connection) * 1_000_000_000L / perSecond;
    }
}
