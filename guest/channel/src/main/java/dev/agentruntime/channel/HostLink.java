package dev.agentruntime.channel;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * The host's end of the channel to one VM. Thread-safe. The guest is not trusted: whatever breaks the protocol ends the
 * link, and what it can make the host keep in memory is bounded by {@link Limits}.
 */
public final class HostLink implements AutoCloseable {

    private HostLink() {
    }

    /**
     * Connects and waits until the guest answers the hello, trying again until {@code timeout} has passed. Blocks. The
     * socket must exist before the timeout; QEMU serves one client of it at a time.
     *
     * @throws IOException the guest did not answer in time, or the calling thread was interrupted
     */
    public static HostLink connect(Path unixSocket, Reactor reactor, Duration timeout) throws IOException {
        return connect(unixSocket, reactor, timeout, Limits.HOST);
    }

    /** As {@link #connect(Path, Reactor, Duration)}, with bounds of one's own. */
    public static HostLink connect(Path unixSocket, Reactor reactor, Duration timeout, Limits limits) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Opens a stream and names its target ({@link Targets}). Does not block; a guest that refuses resets the stream.
     *
     * @throws IOException the link is down, or it carries as many streams as its limits allow
     */
    public MuxStream open(String target) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Asks the guest whether it is there; completes with the round trip when it answers and exceptionally when the link
     * ends. There is no time limit: a paused VM answers after it was resumed. Does not block.
     */
    public CompletionStage<Duration> ping() {
        throw new UnsupportedOperationException();
    }

    /**
     * Completes with a sentence when the link ended by itself: QEMU is gone or the guest broke the protocol. Never
     * completes after {@link #close()}. Dependent actions run on the reactor's executor.
     */
    public CompletionStage<String> closed() {
        throw new UnsupportedOperationException();
    }

    /** Ends the link and every stream on it. Idempotent, does not block. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
