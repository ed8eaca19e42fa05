package dev.agentruntime.channel;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.Executor;

/**
 * The guest's end of the channel, over the virtio port. It serves one host after the other: each hello begins a new
 * epoch and resets the streams of the one before.
 */
public final class GuestLink implements AutoCloseable {

    private GuestLink() {
    }

    /**
     * Starts two daemon threads that serve the port until {@link #close()}. Does not block.
     *
     * @param port opened once, for reading and writing; stays the caller's to close, after this link
     * @param tasks runs one task for each stream; must not be bounded below the number of streams
     */
    public static GuestLink serve(RandomAccessFile port, Executor tasks, StreamHandler handler) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** As {@link #serve(RandomAccessFile, Executor, StreamHandler)}, over any pair of blocking channels. */
    public static GuestLink serve(ReadableByteChannel in, WritableByteChannel out, Executor tasks, StreamHandler handler) {
        throw new UnsupportedOperationException();
    }

    /** Ends the link and resets its streams. A thread that is blocked in the port ends when the port is closed. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
