package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.RawHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Asks one running session five times a second, and begins and ends a new one every three seconds, until closed. */
final class SteadyLoad implements AutoCloseable {

    private static final Duration PACE = Duration.ofMillis(200);
    private static final Duration NEW_SESSION = Duration.ofSeconds(3);

    private enum Phase { RUNNING, CLOSING }

    private final Api api;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final List<Long> running = new CopyOnWriteArrayList<>();
    private final List<Long> starting = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private volatile Phase phase = Phase.RUNNING;

    SteadyLoad(Api api) {
        this.api = api;
        threads.execute(this::askOne);
        threads.execute(this::beginNew);
    }

    /** Nanoseconds of each answer of the running session. */
    List<Long> running() {
        return running;
    }

    /** Nanoseconds of each new session's first answer. */
    List<Long> starting() {
        return starting;
    }

    List<String> failures() {
        return failures;
    }

    int requests() {
        return running.size() + starting.size() + failures.size();
    }

    private void askOne() {
        String session = Api.newSession();
        while (phase == Phase.RUNNING) {
            request(session, running);
            Pause.of(PACE);
        }
        end(session);
    }

    private void beginNew() {
        while (phase == Phase.RUNNING) {
            String session = Api.newSession();
            request(session, starting);
            end(session);
            Pause.of(NEW_SESSION);
        }
    }

    private void request(String session, List<Long> answers) {
        try {
            RawHttp.Whole answer = api.greet(session);
            if (answer.status() == 200) {
                answers.add(answer.totalNanos());
            } else {
                failures.add("status " + answer.status() + ": " + answer.text());
            }
        } catch (IOException e) {
            failures.add(e.toString());
        }
    }

    private void end(String session) {
        try {
            api.end("hello", session);
        } catch (IOException e) {
            failures.add("a session could not be ended: " + e.getMessage());
        }
    }

    /** Waits for the last answers. */
    @Override
    public void close() {
        phase = Phase.CLOSING;
        threads.shutdown();
        try {
            if (!threads.awaitTermination(3, TimeUnit.MINUTES)) {
                failures.add("a request did not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
