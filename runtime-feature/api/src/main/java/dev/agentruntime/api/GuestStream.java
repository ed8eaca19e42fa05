package dev.agentruntime.api;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A two-way byte stream into a guest, with back-pressure both ways. No method blocks. One thread may read while another
 * writes.
 */
public interface GuestStream extends AutoCloseable {

    /**
     * Moves what has arrived into {@code target}.
     *
     * @return the number of bytes, 0 when nothing is there yet or {@code target} is full, -1 when the guest has ended its side
     * @throws IOException the stream was reset or the link is down
     */
    int read(ByteBuffer target) throws IOException;

    /** Runs {@code callback} once, on a thread that must not be held, as soon as {@link #read} has something to say. */
    void onReadable(Runnable callback);

    /**
     * Takes as much of {@code source} as the window allows.
     *
     * @return the number of bytes taken, 0 when the guest does not read
     * @throws IOException the stream was reset or the link is down
     */
    int write(ByteBuffer source) throws IOException;

    /** Runs {@code callback} once, on a thread that must not be held, as soon as {@link #write} can go on. */
    void onWritable(Runnable callback);

    /** Ends this side; the guest can still send. */
    void shutdownOutput();

    /** Ends the stream at once; the guest sees a reset unless both sides had ended. Idempotent. */
    @Override
    void close();
}
