package dev.agentruntime.libvirt;

import dev.agentruntime.spi.HypervisorAwayException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Has things written to a disk that may hang, and waits for each no longer than a limit. What hangs keeps its thread until the disk goes on;
 * until then nothing else is begun, so that no more threads hang than were writing. Thread-safe.
 */
final class BoundedDisk {

    /** Far more than the largest VM takes on a disk that works. */
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Path folder;
    private final Executor threads;
    private final Duration limit;
    /** Those that nobody waits for any more and that have not come back. */
    private final AtomicInteger late = new AtomicInteger();

    /** @param folder on the disk, for people */
    BoundedDisk(Path folder, Executor threads) {
        this(folder, threads, LIMIT);
    }

    BoundedDisk(Path folder, Executor threads, Duration limit) {
        this.folder = folder;
        this.threads = threads;
        this.limit = limit;
    }

    /** What is to be written. */
    interface Work {

        /**
         * @param isLate whether nobody waits for it any more, so that it may break off
         * @return how much it was, in bytes
         */
        long write(BooleanSupplier isLate) throws IOException;
    }

    /**
     * Writes, and returns how much that was.
     *
     * @param undo removes what was written; run once where this throws: before that, or when the disk goes on
     * @throws HypervisorAwayException the disk does not take it in time
     * @throws IOException             the work's
     */
    long write(Work work, Runnable undo) throws IOException {
        CompletableFuture<Long> written = new CompletableFuture<>();
        try {
            if (late.get() > 0) {
                throw new HypervisorAwayException("The disk of " + folder + " does not take what was written to it before. Does it hang?");
            }
            threads.execute(() -> run(work, undo, written));
        } catch (RuntimeException | Error e) {
            undo.run();
            throw e;
        }
        try {
            return written.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return giveUp(written, "The disk of " + folder + " has not taken it within " + limit.toMillis() / 1000.0 + " s. Is it slow, or does it hang?", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return giveUp(written, "Interrupted while it was written to " + folder, e);
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        }
    }

    private long giveUp(CompletableFuture<Long> written, String why, Exception cause) throws IOException {
        HypervisorAwayException away = new HypervisorAwayException(why, cause);
        late.incrementAndGet();
        if (written.completeExceptionally(away)) {
            throw away;
        }
        late.decrementAndGet(); // It came at the last moment.
        try {
            return written.join();
        } catch (CompletionException e) {
            throw rethrown(e.getCause());
        }
    }

    private void run(Work work, Runnable undo, CompletableFuture<Long> written) {
        try {
            long bytes = written.isDone() ? 0 : work.write(written::isDone);
            if (!written.complete(bytes)) {
                comeBack(undo);
            }
        } catch (IOException | RuntimeException | Error e) {
            fail(e, undo, written);
        }
    }

    /** Whoever waits hears of it when it is undone. */
    private void fail(Throwable failure, Runnable undo, CompletableFuture<Long> written) {
        if (written.isDone()) {
            comeBack(undo);
            return;
        }
        undo.run();
        if (!written.completeExceptionally(failure)) {
            late.decrementAndGet();
        }
    }

    private void comeBack(Runnable undo) {
        undo.run();
        late.decrementAndGet();
    }

    private static IOException rethrown(Throwable cause) {
        if (cause instanceof IOException failed) {
            return failed;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        throw cause instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(cause);
    }
}
