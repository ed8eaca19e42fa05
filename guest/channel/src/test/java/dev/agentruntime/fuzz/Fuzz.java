package dev.agentruntime.fuzz;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs a case with one seed after another: so many, or for as long as {@code -Dfuzz=PT10M} says. {@code -Dfuzz.seed=N} runs the one that
 * failed. A case that does not end has failed, too.
 */
public final class Fuzz {

    /** What is tried with an input made of {@code random}, and nothing else that is random. */
    @FunctionalInterface
    public interface Case {
        void run(Random random) throws Exception;
    }

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Case fuzzed;
    private final Duration patience;

    private Fuzz(Case fuzzed, Duration patience) {
        this.fuzzed = fuzzed;
        this.patience = patience;
    }

    /** @param cases how many seeds are tried unless a time is set */
    public static void run(int cases, Case fuzzed) {
        Optional<Duration> time = Optional.ofNullable(System.getProperty("fuzz")).map(Duration::parse);
        new Fuzz(fuzzed, PATIENCE).run(cases, time, Optional.ofNullable(Long.getLong("fuzz.seed")));
    }

    /** As {@link #run(int, Case)}, without a look at the system's properties. */
    static void run(int cases, Optional<Duration> time, Optional<Long> seed, Duration patience, Case fuzzed) {
        new Fuzz(fuzzed, patience).run(cases, time, seed);
    }

    private void run(int cases, Optional<Duration> time, Optional<Long> only) {
        ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "fuzz");
            thread.setDaemon(true);
            return thread;
        });
        try {
            if (only.isPresent()) {
                attempt(worker, only.get());
                return;
            }
            Random seeds = new Random();
            long begun = System.nanoTime();
            for (long count = 0; time.isPresent() ? System.nanoTime() - begun < time.get().toNanos() : count < cases; count++) {
                attempt(worker, seeds.nextLong());
            }
        } finally {
            worker.shutdownNow();
        }
    }

    private void attempt(ExecutorService worker, long seed) {
        Future<?> attempt = worker.submit(() -> {
            fuzzed.run(new Random(seed));
            return null;
        });
        try {
            attempt.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw new AssertionError("It fails with -Dfuzz.seed=" + seed + ": " + failed.getCause(), failed.getCause());
        } catch (TimeoutException late) {
            attempt.cancel(true);
            throw new AssertionError("It has not ended within " + patience + " with -Dfuzz.seed=" + seed, late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted with -Dfuzz.seed=" + seed, interrupted);
        }
    }
}
