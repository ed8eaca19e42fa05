package dev.agentruntime.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Looks at the server's heap four times a second until closed. */
final class HeapWatch implements AutoCloseable {

    private static final Duration PACE = Duration.ofMillis(250);

    private final Api api;
    private final List<Long> seen = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::watch, "heap-watch");

    HeapWatch(Api api) {
        this.api = api;
        thread.setDaemon(true);
        thread.start();
    }

    List<Long> seen() {
        return List.copyOf(seen);
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                seen.add(api.usedHeap());
                Pause.of(PACE);
            }
        } catch (IOException | BenchmarkException ended) {
            if (!Thread.currentThread().isInterrupted()) {
                Progress.say("the heap could not be read: " + ended.getMessage());
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
