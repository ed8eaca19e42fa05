package dev.agentruntime.channel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * One two-way byte stream of a link, with back-pressure both ways. Thread-safe; one thread may read while another
 * writes. Only the streams from {@link #input()} and {@link #output()} block.
 */
public final class MuxStream implements AutoCloseable {

    MuxStream() {
    }

    /**
     * Moves what has arrived into {@code target}. Does not block.
     *
     * @return the number of bytes, 0 when nothing is there yet (or {@code target} is full), -1 when the peer has ended
     *         its side and everything was read
     * @throws IOException the stream was reset or the link is down
     */
    public int read(ByteBuffer target) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Runs {@code callback} once, on the link's executor, as soon as {@link #read} would not return 0 or would throw;
     * at once when that is so already. A later call replaces an earlier callback that has not run.
     */
    public void onReadable(Runnable callback) {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes as much of {@code source} as the peer's window and the send buffer allow. Does not block.
     *
     * @return the number of bytes taken, 0 when there is no room now
     * @throws IOException the stream was reset, its output was shut down, or the link is down
     */
    public int write(ByteBuffer source) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Runs {@code callback} once, on the link's executor, as soon as {@link #write} would take something or would
     * throw; at once when that is so already. A later call replaces an earlier callback that has not run.
     */
    public void onWritable(Runnable callback) {
        throw new UnsupportedOperationException();
    }

    /** Ends this side after everything written has been sent; the peer can still send. Idempotent, does not block. */
    public void shutdownOutput() {
        throw new UnsupportedOperationException();
    }

    /**
     * Gives the stream up: the peer sees a reset unless both sides have ended. What was not read is dropped. Idempotent,
     * does not block.
     */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }

    /** A blocking view of the reading side. Closing it closes nothing. */
    public InputStream input() {
        throw new UnsupportedOperationException();
    }

    /** A blocking view of the writing side; every write is sent without a flush. Closing it shuts the output down. */
    public OutputStream output() {
        throw new UnsupportedOperationException();
    }
}
