package dev.agentruntime.channel;

import java.io.IOException;
import java.util.concurrent.Executor;

/** One thread that serves the sockets of all host links. Thread-safe. */
public final class Reactor implements AutoCloseable {

    /**
     * Starts the thread, a daemon.
     *
     * @param callbacks runs the callbacks of streams and links; may be {@code Runnable::run} when none of them is slow
     */
    public Reactor(Executor callbacks) throws IOException {
    }

    /** Ends the thread and every link it serves; their {@link HostLink#closed()} does not complete. Idempotent. */
    @Override
    public void close() {
    }
}
