package dev.agentruntime.channel;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.Condition;

/**
 * One two-way byte stream of a link, with back-pressure both ways. Thread-safe; one thread may read while another
 * writes. Only the streams from {@link #input()} and {@link #output()} block.
 */
public final class MuxStream implements AutoCloseable {

    private final Engine engine;
    private final StreamState state;

    MuxStream(Engine engine, StreamState state) {
        this.engine = engine;
        this.state = state;
    }

    /**
     * Moves what has arrived into {@code target}. Does not block.
     *
     * @return the number of bytes, 0 when nothing is there yet (or {@code target} is full), -1 when the peer has ended
     *         its side and everything was read
     * @throws IOException the stream was reset or closed, or the link is down
     */
    public int read(ByteBuffer target) throws IOException {
        engine.enter();
        try {
            int count = Math.min(target.remaining(), state.received.size());
            if (count > 0) {
                state.received.moveTo(target, count);
                engine.core().consumed(state, count);
                return count;
            }
            return switch (state.input) {
                case OPEN -> 0;
                case ENDED -> state.received.size() > 0 ? 0 : -1;
                case REFUSED, DROPPED -> throw new IOException(state.failure);
            };
        } finally {
            engine.exit();
        }
    }

    /**
     * Runs {@code callback} once, on the link's executor, as soon as {@link #read} would not return 0 or would throw;
     * at once when that is so already. A later call replaces an earlier callback that has not run.
     */
    public void onReadable(Runnable callback) {
        engine.enter();
        try {
            if (state.isReadable()) {
                state.onReadable = StreamState.NOTHING;
                engine.later(callback);
            } else {
                state.onReadable = callback;
            }
        } finally {
            engine.exit();
        }
    }

    /**
     * Takes as much of {@code source} as the peer's window and the send buffer allow. Does not block.
     *
     * @return the number of bytes taken, 0 when there is no room now
     * @throws IOException the stream was reset or closed, its output was shut down, or the link is down
     */
    public int write(ByteBuffer source) throws IOException {
        engine.enter();
        try {
            if (state.output != StreamState.Output.OPEN) {
                throw new IOException(state.failure.isEmpty() ? "the stream's output was shut down" : state.failure);
            }
            int room = Math.min(state.sendCredit, state.sendBuffer() - state.sending.size());
            int count = Math.min(source.remaining(), room);
            if (count > 0) {
                state.sending.add(source, count);
                state.sendCredit -= count;
                engine.core().schedule(state);
            }
            return count;
        } finally {
            engine.exit();
        }
    }

    /**
     * Runs {@code callback} once, on the link's executor, as soon as {@link #write} would take something or would
     * throw; at once when that is so already. A later call replaces an earlier callback that has not run.
     */
    public void onWritable(Runnable callback) {
        engine.enter();
        try {
            if (state.isWritable()) {
                state.onWritable = StreamState.NOTHING;
                engine.later(callback);
            } else {
                state.onWritable = callback;
            }
        } finally {
            engine.exit();
        }
    }

    /** Ends this side after everything written has been sent; the peer can still send. Idempotent, does not block. */
    public void shutdownOutput() {
        engine.enter();
        try {
            if (state.output == StreamState.Output.OPEN) {
                state.output = StreamState.Output.ENDING;
                engine.core().schedule(state);
                engine.core().wakeWriter(state);
            }
        } finally {
            engine.exit();
        }
    }

    /**
     * Gives the stream up: the peer sees a reset unless both sides have ended. What was not read is dropped, and so is
     * what was not sent yet unless the output was shut down before. Idempotent, does not block.
     */
    @Override
    public void close() {
        engine.enter();
        try {
            engine.core().close(state);
        } finally {
            engine.exit();
        }
    }

    /** A blocking view of the reading side. Closing it closes nothing. */
    public InputStream input() {
        return new StreamInput(this, Deadline.NEVER);
    }

    /** As {@link #input()}; when {@code limit} has passed from now on, a read that waits throws SocketTimeoutException. */
    public InputStream input(Duration limit) {
        return new StreamInput(this, Deadline.in(limit));
    }

    /** A blocking view of the writing side; every write is sent without a flush. Closing it shuts the output down. */
    public OutputStream output() {
        return new StreamOutput(this, Deadline.NEVER);
    }

    /** What this stream keeps in memory, in either direction. */
    int bufferedBytes() {
        engine.enter();
        try {
            return state.received.size() + state.sending.size();
        } finally {
            engine.exit();
        }
    }

    void awaitReadable(Deadline deadline) throws IOException {
        engine.enter();
        try {
            while (!state.isReadable()) {
                await(state.readable, deadline, "nothing arrived");
            }
        } finally {
            engine.exit();
        }
    }

    void awaitWritable(Deadline deadline) throws IOException {
        engine.enter();
        try {
            while (!state.isWritable()) {
                await(state.writable, deadline, "the peer did not take what was sent");
            }
        } finally {
            engine.exit();
        }
    }

    private static void await(Condition condition, Deadline deadline, String complaint) throws IOException {
        try {
            if (condition.awaitNanos(deadline.remainingNanos()) <= 0 && deadline.remainingNanos() == 0) {
                throw new SocketTimeoutException(complaint + " on the stream in time");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted: " + complaint).initCause(interrupted);
        }
    }
}
