package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.Exchanges;
import dev.agentruntime.benchmarks.wire.RawHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Sessions that have nothing to do with what goes wrong beside them: one that is asked twenty times a second, and a new one
 * every other second whose id the platform makes. Ends of the new sessions are not waited for.
 */
final class Bystanders implements AutoCloseable {

    private static final Duration PACE = Duration.ofMillis(50);
    private static final Duration START_PACE = Duration.ofSeconds(2);
    private static final int WARM_UP = 300;

    /**
     * What one phase has shown.
     *
     * @param warm     nanoseconds of each invocation of the running session
     * @param starts   nanoseconds from each new session's request to its first byte
     * @param failures what was not answered with 200
     */
    record Seen(List<Long> warm, List<Long> starts, List<String> failures) {}

    private final Lab lab;
    private final String session = Api.newSession();
    private final ExecutorService ends = Executors.newCachedThreadPool();

    Bystanders(Lab lab) throws IOException {
        this.lab = lab;
        try (RawHttp connection = lab.api().connect()) {
            lab.api().bench(connection, session).echoes(WARM_UP, 0);
        }
    }

    /** Watches for {@code time}. Blocks. */
    Seen watch(Duration time) throws IOException {
        List<String> failures = new CopyOnWriteArrayList<>();
        long end = System.nanoTime() + time.toNanos();
        List<List<Long>> seen = Lab.atOnce(2, List.<Callable<List<Long>>>of(() -> ask(end, failures), () -> begin(end, failures)));
        return new Seen(seen.get(0), seen.get(1), List.copyOf(failures));
    }

    /** Over a connection of its own: the server closes one that has been at rest since the phase before. */
    private List<Long> ask(long end, List<String> failures) {
        List<Long> answers = new ArrayList<>();
        try (RawHttp connection = lab.api().connect()) {
            Exchanges running = lab.api().bench(connection, session);
            running.echoes(1, 0);
            while (System.nanoTime() < end) {
                answers.addAll(running.echoes(1, 0));
                Pause.of(PACE);
            }
        } catch (IOException e) {
            failures.add("running session: " + e.getMessage());
        }
        return answers;
    }

    private List<Long> begin(long end, List<String> failures) {
        List<Long> answers = new ArrayList<>();
        while (System.nanoTime() < end) {
            try (RawHttp http = lab.api().connect()) {
                RawHttp.Whole answer = lab.api().greetNew(http);
                if (answer.status() == 200) {
                    answers.add(answer.firstByteNanos());
                    String begun = Api.sessionOf(answer);
                    ends.execute(() -> end(begun));
                } else {
                    failures.add("new session: " + answer.status() + " " + answer.text());
                }
            } catch (IOException e) {
                failures.add("new session: " + e.getMessage());
            }
            Pause.of(START_PACE);
        }
        return answers;
    }

    private void end(String begun) {
        try {
            lab.api().end("hello", begun);
        } catch (IOException e) {
            Progress.say("a new session was not ended: " + e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        ends.shutdown();
        lab.api().end("bench", session);
    }
}
