package dev.agentruntime.invocation;

import dev.agentruntime.api.Subject;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for writing to callers who speak HTTP/2. Liberty says that such a response is ready and then waits in the write for
 * the caller's window, so a caller that does not read holds the thread that writes: here one that does nothing else, and of
 * these each subject has a share. Over HTTP/1.1 no write waits, and the thread that is there goes on. Thread-safe.
 */
final class SlowWrites implements AutoCloseable {

    static final int MOST_THREADS = 256;
    static final int MOST_OF_ONE = 64;
    /** Beside these, for a subject that has its share already: answers that are broken off. */
    static final int MOST_ENDINGS_OF_ONE = 16;

    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(0, MOST_THREADS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "agent-http2-writes");
                thread.setDaemon(true);
                return thread;
            });
    private final Shares<Subject> shares = new Shares<>(MOST_OF_ONE);
    private final Shares<Subject> endings = new Shares<>(MOST_ENDINGS_OF_ONE);

    /** Where writes to this request's caller belong. It rejects what is beyond the subject's share. */
    Executor executorFor(HttpServletRequest request, Subject subject) {
        return executorFor(request, subject, shares);
    }

    /** Where an answer to this request's caller is broken off, although its subject may have its share of writes. */
    Executor endingsFor(HttpServletRequest request, Subject subject) {
        return executorFor(request, subject, endings);
    }

    private Executor executorFor(HttpServletRequest request, Subject subject, Shares<Subject> from) {
        return request.getProtocol().startsWith("HTTP/1") ? Runnable::run : task -> execute(subject, task, from);
    }

    private void execute(Subject subject, Runnable task, Shares<Subject> from) {
        if (!from.take(subject)) {
            throw new RejectedExecutionException("As many answers over HTTP/2 as may wait for their caller to read them");
        }
        try {
            threads.execute(() -> {
                try {
                    task.run();
                } finally {
                    from.giveBack(subject);
                }
            });
        } catch (RejectedExecutionException none) {
            from.giveBack(subject);
            throw none;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
