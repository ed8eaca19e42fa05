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
import java.util.function.BiConsumer;

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

    /** A guest that has answered the hello answers the first ping soon. */
    private static final Duration CONFIRMATION = Duration.ofSeconds(3);

    private final Path path;
    private final SocketChannel socket;
    private final Reactor reactor;
    private final Engine engine;
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private final AtomicReference<Life> life = new AtomicReference<>(Life.UP);
    private final Heartbeat heartbeat = new Heartbeat();
    private volatile boolean heard;
    private volatile boolean beating;

    /** Runs only once a handler is set: until then no stream is let in. */
    private volatile BiConsumer<String, MuxStream> onStream = (target, stream) -> stream.close();

    /** Belongs to whoever has the duty to transmit. */
    private final ByteBuffer output = ByteBuffer.allocateDirect(OUTPUT_BUFFER).flip();

    private HostLink(Path path, SocketChannel socket, Reactor reactor, Limits limits) {
        this.path = path;
        this.socket = socket;
        this.reactor = reactor;
        this.engine = new Engine(Role.HOST, limits, ByteBuffer.allocate(0), reactor.callbacks(), this::accept, this::flush);
    }

    /**
     * Connects and waits until the guest answers the hello and a ping, trying again until {@code timeout} has passed. Blocks. The
     * socket may appear meanwhile. QEMU serves one client of it at a time.
     *
     * @throws IOException the guest did not answer in time, or the calling thread was interrupted
     */
    public static HostLink connect(Path unixSocket, Reactor reactor, Duration timeout) throws IOException {
        return connect(unixSocket, reactor, timeout, Limits.HOST);
    }

    /** As {@link #connect(Path, Reactor, Duration)}, with bounds of one's own. */
    public static HostLink connect(Path unixSocket, Reactor reactor, Duration timeout, Limits limits) throws IOException {
        HostHandshake handshake = new HostHandshake(unixSocket, timeout);
        while (true) {
            HostHandshake.Greeted greeted = handshake.greet();
            HostLink link = new HostLink(unixSocket, greeted.socket(), reactor, limits);
            try {
                reactor.requireOpen();
                if (link.confirmed(greeted.received(), handshake.deadline())) {
                    return link;
                }
                handshake.failed("the guest answered the hello and then ended the link");
                link.close();
            } catch (ProtocolViolation violation) {
                handshake.failed(violation.getMessage());
                link.close();
            } catch (IOException failure) {
                link.close();
                throw new IOException("no link to the guest at " + unixSocket + ": " + failure.getMessage(), failure);
            } catch (RuntimeException | Error failure) {
                link.close();
                throw failure;
            }
        }
    }

    /**
     * Sees a ping answered: news of an earlier host's end can reach a guest after the hello of this one, and end its epoch.
     */
    private boolean confirmed(ByteBuffer received, Deadline deadline) throws IOException {
        engine.receive(received);
        reactor.add(this, socket);
        Duration left = Duration.ofNanos(deadline.remainingNanos());
        return engine.confirm(Deadline.in(left.compareTo(CONFIRMATION) < 0 ? left : CONFIRMATION));
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
     * Lets the guest open streams, and hands each to {@code handler} once it has named its target: 1 to 64 printable ASCII
     * characters, chosen by the guest. Without a handler every such stream is reset. A later call replaces the handler.
     *
     * <p>The handler runs on the link's executor and must not block. It has to close the stream in the end: until then
     * the stream counts among the {@link Limits#acceptedStreams()} that the guest may have. A stream is closed when its
     * handler throws.
     */
    public void onStream(BiConsumer<String, MuxStream> handler) {
        onStream = handler;
        engine.acceptStreams();
    }

    /**
     * From now on the guest is asked for a sign of life when it has been silent for {@value Heartbeat#PING_AFTER} s, and
     * the link ends when the guest has been silent for {@value Heartbeat#LOST_AFTER} s. Only for a VM that runs. Does not
     * block.
     */
    public void startHeartbeat() {
        beating = true;
    }

    /** The guest may be silent for any time from now on, because its VM is about to be paused. Does not block. */
    public void stopHeartbeat() {
        beating = false;
    }

    /**
     * Completes with a sentence when the link ended by itself: QEMU is gone, the guest broke the protocol, has ended the
     * link, or has given no sign of life. Never completes after {@link #close()}. Dependent actions run on the reactor's executor.
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
        return "the link to the guest behind " + path.getFileName();
    }

    /** Takes what the socket has. Runs on the reactor's thread. */
    void receive(ByteBuffer buffer) {
        try {
            buffer.clear();
            if (socket.read(buffer) < 0) {
                fail("the socket's other end has closed it, so the VM's process is gone");
            } else {
                heard = true;
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

    /** Comes about once a second, on the reactor's thread. */
    void look() {
        boolean sign = heard;
        heard = false;
        if (!beating) {
            heartbeat.reset();
            return;
        }
        switch (heartbeat.look(sign)) {
            case PING -> engine.ping();
            case LOST -> fail("the guest has given no sign of life for " + Heartbeat.LOST_AFTER + " s, not even the answer to a ping");
            case NONE -> { }
        }
    }

    void fail(String reason) {
        if (life.compareAndSet(Life.UP, Life.ENDED)) {
            String sentence = this + " has ended: " + reason;
            try {
                end(sentence);
            } catch (RuntimeException | Error refused) {
                LOG.log(Level.ERROR, this + " could not tell its streams of its end", refused);
            }
            tellEnd(sentence);
        }
    }

    /** Here and now where no thread can be had: nobody else will tell that the VM has ended. */
    private void tellEnd(String sentence) {
        try {
            reactor.callbacks().execute(() -> closed.complete(sentence));
        } catch (RuntimeException | Error refused) {
            LOG.log(Level.WARNING, this + " tells of its end on the reactor's own thread", refused);
            closed.complete(sentence);
        }
    }

    private void end(String reason) {
        try {
            engine.end(reason);
        } finally {
            closeSocket();
        }
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (IOException failure) {
            LOG.log(Level.WARNING, this + " did not close its socket", failure);
        }
        reactor.forget();
    }

    private void accept(MuxStream stream) {
        new IncomingStream(stream, onStream).read();
    }
}
