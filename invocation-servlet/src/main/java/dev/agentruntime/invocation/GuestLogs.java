package dev.agentruntime.invocation;

import dev.agentruntime.api.Invocation;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Reads the last lines of guests' logs, which a guest may delay as long as it likes: on threads that do nothing else, one
 * reading a session at a time, and no answer waits for longer than {@link #PATIENCE}. Thread-safe.
 */
final class GuestLogs implements AutoCloseable {

    /** Of a stack trace; what comes from a guest has spaces for its tabs, and what Open Liberty logs as one message nothing. */
    private static final Pattern FRAME = Pattern.compile("\\s+at \\S.*|at (\\S+\\(.*|\\[internal classes].*)|\\s*\\.{3} \\d+ more");

    static final Duration PATIENCE = Duration.ofSeconds(3);
    static final int MOST_READINGS = 8;
    private static final int LINES_READ = 400;
    private static final int LINES_SHOWN = 20;

    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(0, MOST_READINGS, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "agent-logs");
                thread.setDaemon(true);
                return thread;
            });
    private final Set<String> beingRead = ConcurrentHashMap.newKeySet();

    /**
     * The lines that say something; none when they are not there in time, or when there is no thread for them. Completes on
     * a thread that must not be held.
     */
    CompletableFuture<List<String>> tail(Invocation invocation) {
        String vm = invocation.vm();
        if (!beingRead.add(vm)) {
            return CompletableFuture.completedFuture(List.of());
        }
        CompletableFuture<List<String>> lines = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    lines.complete(tail(invocation.logTail(LINES_READ)));
                } catch (RuntimeException e) {
                    lines.complete(List.of("The guest's log could not be read: " + e.getMessage()));
                } finally {
                    beingRead.remove(vm);
                }
            });
        } catch (RejectedExecutionException busy) {
            beingRead.remove(vm);
            return CompletableFuture.completedFuture(List.of());
        }
        return lines.completeOnTimeout(List.of(), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The last lines that say something: the frames of one stack trace alone would fill the answer. */
    static List<String> tail(List<String> log) {
        List<String> lines = log.stream().filter(line -> !line.isBlank() && !FRAME.matcher(line).matches()).toList();
        return lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size());
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
