package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.Exchanges;
import dev.agentruntime.benchmarks.wire.RawHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Asks a session of the benchmark agent twenty times a second until closed, whatever else it has to do. */
final class OwnCalls implements AutoCloseable {

    private static final Duration PACE = Duration.ofMillis(50);

    private final Api api;
    private final String session;
    private final List<Long> seen = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::ask, "own-calls");

    OwnCalls(Api api, String session) {
        this.api = api;
        this.session = session;
        thread.setDaemon(true);
        thread.start();
    }

    /** Nanoseconds of each. */
    List<Long> seen() {
        return List.copyOf(seen);
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    private void ask() {
        try (RawHttp http = api.connect()) {
            Exchanges agent = api.bench(http, session);
            while (!Thread.currentThread().isInterrupted()) {
                seen.addAll(agent.echoes(1, 0));
                Pause.of(PACE);
            }
        } catch (IOException | BenchmarkException ended) {
            if (!Thread.currentThread().isInterrupted()) {
                failures.add("own invocations: " + ended.getMessage());
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
