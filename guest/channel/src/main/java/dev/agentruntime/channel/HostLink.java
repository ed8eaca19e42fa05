package dev.agentruntime.channel;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The host's end of the channel to one VM. Thread-safe. The guest is not trusted: whatever breaks the protocol ends the
 * link, and what it can make the host keep in memory is bounded by {@link Limits}.
 */
public final class HostLink implements AutoCloseable {

    private static final Logger LOG = System.getLogger(HostLink.class.getName());

    private enum Life { UP, CLOSED, ENDED }

    /** After so many full buffers the reactor goes on, so that no caller sends for all others for ever. */
    private static final int MOST_ROUNDS = 16;
    private static final int OUTPUT_BUFFER = 128 * 1024;

    private final Path path;
    private final SocketChannel socket;
    private final Reactor reactor;
    private final Engine engine;
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private final AtomicReference<Life> life = new AtomicReference<>(Life.UP);

    /** Belongs to whoever has the duty to transmit. */
    private final ByteBuffer output = ByteBuffer.allocateDirect(OUTPUT_BUFFER).flip();

    private HostLink(Path path, SocketChannel socket, Reactor reactor, Limits limits) {
        this.path = path;
        this.socket = socket;
        this.reactor = reactor;
        this.engine = new Engine(Role.HOST, limits, ByteBuffer.allocate(0), reactor.callbacks(), HostLink::refuse, this::flush);
    }

    /**
     * Connects and waits until the guest answers the hello, trying again until {@code timeout} has passed. Blocks. The
     * socket may appear meanwhile. QEMU serves one client of it at a time.
     *
     * @throws IOException the guest did not answer in time, or the calling thread was interrupted
     */
    public static HostLink connect(Path unixSocket, Reactor reactor, Duration timeout) throws IOException {
        return connect(unixSocket, reactor, timeout, Limits.HOST);
    }

    /** As {@link #connect(Path, Reactor, Duration)}, with bounds of one's own. */
    public static HostLink connect(Path unixSocket, Reactor reactor, Duration timeout, Limits limits) throws IOException {
        if (limits.acceptedStreams() != 0) {
            throw new IllegalArgumentException("a host accepts no streams from its guest: " + limits);
        }
        HostHandshake.Greeted greeted = new HostHandshake(unixSocket, timeout).greet();
        HostLink link = new HostLink(unixSocket, greeted.socket(), reactor, limits);
        try {
            link.engine.receive(greeted.received());
            reactor.add(link, greeted.socket());
            return link;
        } catch (IOException failure) {
            link.close();
            throw new IOException("no link to the guest at " + unixSocket + ": " + failure.getMessage(), failure);
        }
    }

    /**
     * Opens a stream and names its target ({@link Targets}). Does not block; a guest that refuses resets the stream.
     *
     * @throws IOException the link is down, or it carries as many streams as its limits allow
     */
    public MuxStream open(String target) throws IOException {
        return engine.open(target);
    }

    /**
     * Asks the guest whether it is there; completes with the round trip when it answers and exceptionally when the link
     * ends. There is no time limit: a paused VM answers after it was resumed. Does not block.
     */
    public CompletionStage<Duration> ping() {
        return engine.ping();
    }

    /**
     * Completes with a sentence when the link ended by itself: QEMU is gone or the guest broke the protocol. Never
     * completes after {@link #close()}. Dependent actions run on the reactor's executor.
     */
    public CompletionStage<String> closed() {
        return closed.minimalCompletionStage();
    }

    /** Ends the link and every stream on it. Idempotent, does not block. */
    @Override
    public void close() {
        if (life.compareAndSet(Life.UP, Life.CLOSED)) {
            end("the link was closed on this side");
        }
    }

    @Override
    public String toString() {
        return "the link to the guest at " + path;
    }

    /** Takes what the socket has. Runs on the reactor's thread. */
    void receive(ByteBuffer buffer) {
        try {
            buffer.clear();
            if (socket.read(buffer) < 0) {
                fail("the socket's other end has closed it, so the VM's process is gone");
            } else {
                engine.receive(buffer.flip());
            }
        } catch (ProtocolViolation violation) {
            fail(violation.getMessage());
        } catch (IOException failure) {
            fail("reading failed: " + failure);
        }
    }

    /** Sends what there is, for whoever has the duty. */
    void flush() {
        try {
            for (int round = 0; round < MOST_ROUNDS; round++) {
                if (!output.hasRemaining() && !engine.transmit(output)) {
                    return;
                }
                socket.write(output);
                if (output.hasRemaining()) {
                    break;
                }
            }
            reactor.awaitWritable(socket);
        } catch (IOException failure) {
            fail("writing failed: " + failure);
        }
    }

    void fail(String reason) {
        if (life.compareAndSet(Life.UP, Life.ENDED)) {
            String sentence = this + " has ended: " + reason;
            end(sentence);
            reactor.callbacks().execute(() -> closed.complete(sentence));
        }
    }

    private void end(String reason) {
        engine.end(reason);
        try {
            socket.close();
        } catch (IOException failure) {
            LOG.log(Level.WARNING, this + " did not close its socket", failure);
        }
        reactor.forget();
    }

    /** Never runs: a guest that opens a stream has broken the protocol. */
    private static void refuse(MuxStream stream) {
        stream.close();
    }
}
