package dev.agentruntime.benchmarks;

import java.io.IOException;

/** The host's end of a way into a bare VM. For one thread; blocks, without a limit of time. */
interface Port extends AutoCloseable {

    int BLOCK = 100_000;

    /** Until the guest has said that it has so many bytes, whole blocks. */
    void send(long bytes) throws IOException;

    /** Until so many bytes, whole blocks, have come. */
    void receive(long bytes) throws IOException;

    @Override
    void close() throws IOException;
}
