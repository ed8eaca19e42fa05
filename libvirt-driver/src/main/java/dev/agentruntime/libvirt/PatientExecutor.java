package dev.agentruntime.libvirt;

import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/**
 * Runs each task on a thread of {@code threads}. A task for which no thread can be had waits until another task has ended or
 * {@link #retry()} is called: what it does, such as telling that a VM has ended, is done by nobody else. Thread-safe.
 */
final class PatientExecutor implements Executor, AutoCloseable {

    private final ExecutorService threads;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    PatientExecutor(ExecutorService threads) {
        this.threads = threads;
    }

    /** @throws java.util.concurrent.RejectedExecutionException it has been closed */
    @Override
    public void execute(Runnable task) {
        try {
            threads.execute(() -> run(task));
        } catch (OutOfMemoryError noThread) {
            waiting.add(task);
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } finally {
            retry();
        }
    }

    /** Tries one of those that wait; the rest follow when it has ended. Does not block. */
    void retry() {
        Optional.ofNullable(waiting.poll()).ifPresent(this::execute);
    }

    /** Takes no further task; those that run go on. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
