package dev.agentruntime.libvirt;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.libvirt.LibvirtException;

/**
 * A connection with the calls that are under way on it. A call may never return, so each runs on a thread of {@code threads}
 * and is waited for no longer than its limit. A closed line frees its connection when the last call has left it. Thread-safe.
 */
final class Line {

    /** Calls at once. libvirtd works on five of one client's, so more would only wait there. */
    private static final int MOST_CALLS = 32;

    private final HypervisorConnection connection;
    private final Executor threads;
    private final Semaphore room = new Semaphore(MOST_CALLS, true);
    private int calls;
    private boolean closed;

    Line(HypervisorConnection connection, Executor threads) {
        this.connection = connection;
        this.threads = threads;
    }

    /** What is asked of libvirtd. */
    interface Call<T> {
        T on(HypervisorConnection connection) throws LibvirtException;
    }

    HypervisorConnection connection() {
        return connection;
    }

    /** The line was closed before the call began. */
    static final class ClosedException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Makes a call and returns what it returns.
     *
     * @throws TimeoutException the limit has passed; the call may still be under way
     */
    <T> T call(Duration limit, Call<T> call) throws LibvirtException, TimeoutException, ClosedException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        if (!room.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new TimeoutException(MOST_CALLS + " calls before this one have not returned");
        }
        FutureTask<T> task = new FutureTask<>(() -> call.on(connection));
        begin(task);
        try {
            return task.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        }
    }

    private void begin(Runnable task) throws ClosedException {
        if (!enter()) {
            room.release();
            throw new ClosedException();
        }
        try {
            threads.execute(() -> {
                try {
                    task.run();
                } finally {
                    leave();
                }
            });
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            leave();
            throw e;
        }
    }

    private static LibvirtException rethrown(Throwable cause) {
        if (cause instanceof LibvirtException libvirt) {
            return libvirt;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        throw cause instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(cause);
    }

    private synchronized boolean enter() {
        if (!closed) {
            calls++;
        }
        return !closed;
    }

    private void leave() {
        room.release();
        boolean last;
        synchronized (this) {
            calls--;
            last = closed && calls == 0;
        }
        if (last) {
            connection.close();
        }
    }

    /** Whether calls are still under way on it. */
    synchronized boolean busy() {
        return calls > 0;
    }

    /** Lets no further call in. Idempotent, does not block. */
    void close() {
        boolean free;
        synchronized (this) {
            free = !closed && calls == 0;
            closed = true;
        }
        if (free) {
            threads.execute(connection::close);
        }
    }
}
