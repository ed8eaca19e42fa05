package dev.agentruntime.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What a benchmark works with. */
record Lab(Api api, Server server, Sizes sizes, Budget budget) {

    private static final Duration POOL_PATIENCE = Duration.ofMinutes(3);

    /** Waits until an agent is ready and tells what is being done meanwhile. */
    void awaitReady(String runtime) throws IOException {
        String told = "";
        while (true) {
            Map<String, Object> view = runtime(runtime);
            if ("READY".equals(view.get("status"))) {
                return;
            }
            if ("CREATE_FAILED".equals(view.get("status")) || budget.spent()) {
                throw new BenchmarkException("Agent " + runtime + " is not ready: " + view);
            }
            String reason = String.valueOf(view.getOrDefault("statusReason", ""));
            if (!reason.equals(told)) {
                Progress.say(runtime + ": " + reason);
                told = reason;
            }
            Pause.of(Duration.ofMillis(200));
        }
    }

    /** Waits until so many VMs of an agent wait for sessions, or the limit has passed, or there is no pool. */
    void awaitPool(String runtime, int wanted, Duration limit) {
        long begun = System.nanoTime();
        while (runtime(runtime).get("pooled") instanceof Double pooled && pooled < wanted
                && System.nanoTime() - begun < limit.toNanos() && !budget.spent()) {
            Pause.of(Duration.ofMillis(200));
        }
    }

    /** Waits until every agent's pool holds as many VMs as it always should. */
    void fillPools() {
        Server.AGENTS.forEach(agent -> fillPool(agent, server.poolMin(agent)));
    }

    void fillPool(String runtime, int wanted) {
        awaitPool(runtime, wanted, POOL_PATIENCE);
        if (wanted > 0 && !(runtime(runtime).get("pooled") instanceof Double pooled && pooled >= wanted)) {
            throw new BenchmarkException("The pool was not filled to " + wanted + " within " + POOL_PATIENCE + ": " + runtime(runtime));
        }
    }

    /** As the server shows it; a server that is still starting has nothing to show. */
    Map<String, Object> runtime(String name) {
        try {
            return api.runtime(name);
        } catch (IOException notYet) {
            return Map.of("status", "CREATING", "statusReason", "the server is starting");
        }
    }

    /** Begins so many sessions of {@code hello}, four at a time, each with one invocation. */
    List<String> begin(int count) throws IOException {
        List<String> sessions = new ArrayList<>();
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String session = Api.newSession();
            sessions.add(session);
            tasks.add(() -> api.greet(session).status() == 200);
        }
        if (atOnce(4, tasks).contains(false)) {
            throw new IOException("Of " + count + " sessions not all could be begun");
        }
        return sessions;
    }

    void end(String runtime, List<String> sessions) throws IOException {
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (String session : sessions) {
            tasks.add(() -> {
                api.end(runtime, session);
                return true;
            });
        }
        atOnce(4, tasks);
    }

    /** The same so many times, all begun at one moment. */
    static <T> List<T> together(int count, Callable<T> task) throws IOException {
        CyclicBarrier barrier = new CyclicBarrier(count);
        return atOnce(count, Collections.nCopies(count, () -> {
            barrier.await();
            return task.call();
        }));
    }

    static <T> List<T> atOnce(int threads, List<Callable<T>> tasks) throws IOException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<T> answers = new ArrayList<>();
            for (Future<T> answer : pool.invokeAll(tasks)) {
                answers.add(answer.get());
            }
            return answers;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        } finally {
            pool.shutdownNow();
        }
    }
}
