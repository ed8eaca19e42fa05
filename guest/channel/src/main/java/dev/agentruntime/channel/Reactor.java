package dev.agentruntime.channel;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/** One thread that serves the sockets of all host links. Thread-safe. */
public final class Reactor implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Reactor.class.getName());

    /** What is read from one link before the next has its turn. */
    private static final int READ_BUFFER = 256 * 1024;

    private final Executor callbacks;
    private final Duration betweenLooks;
    private final Selector selector;
    private final ByteBuffer input = ByteBuffer.allocateDirect(READ_BUFFER);
    private volatile boolean closing;

    /**
     * Starts the thread, a daemon.
     *
     * @param callbacks runs the callbacks of streams and links; may be {@code Runnable::run} when none of them is slow
     */
    public Reactor(Executor callbacks) throws IOException {
        this(callbacks, "agent-channel");
    }

    /** As {@link #Reactor(Executor)}; links that must not wait for those of another reactor have one of their own. */
    public Reactor(Executor callbacks, String threadName) throws IOException {
        this(callbacks, threadName, Duration.ofSeconds(1));
    }

    /** @param betweenLooks how often each link's heartbeat is looked at */
    Reactor(Executor callbacks, Duration betweenLooks) throws IOException {
        this(callbacks, "agent-channel", betweenLooks);
    }

    private Reactor(Executor callbacks, String threadName, Duration betweenLooks) throws IOException {
        this.callbacks = callbacks;
        this.betweenLooks = betweenLooks;
        this.selector = Selector.open();
        Thread thread = new Thread(this::run, threadName);
        thread.setDaemon(true);
        thread.start();
    }

    Executor callbacks() {
        return callbacks;
    }

    void requireOpen() throws IOException {
        if (closing) {
            throw new IOException("the reactor is closed and serves no further link");
        }
    }

    /** Serves {@code link} from now on. */
    synchronized void add(HostLink link, SocketChannel socket) throws IOException {
        requireOpen();
        socket.register(selector, SelectionKey.OP_READ, link);
        selector.wakeup();
    }

    /** Runs {@link HostLink#flush} once when the socket takes bytes again. */
    void awaitWritable(SocketChannel socket) {
        SelectionKey key = socket.keyFor(selector);
        if (key == null) {
            return;
        }
        try {
            key.interestOpsOr(SelectionKey.OP_WRITE);
            selector.wakeup();
        } catch (CancelledKeyException closed) {
            LOG.log(Level.TRACE, "a link was closed while it was sending", closed);
        }
    }

    /** Lets the selector notice that a socket was closed; until then the socket would stay open. */
    void forget() {
        selector.wakeup();
    }

    /** Ends the thread and every link it serves; their {@link HostLink#closed()} does not complete. Idempotent. */
    @Override
    public synchronized void close() {
        closing = true;
        selector.wakeup();
    }

    private void run() {
        try {
            long lastLook = System.nanoTime();
            while (!closing) {
                selector.select(this::serve, betweenLooks.toMillis());
                // What has come was read before: a host that stood still does not take its guests for dead.
                if (System.nanoTime() - lastLook >= betweenLooks.toNanos()) {
                    lastLook = System.nanoTime();
                    selector.keys().forEach(key -> look((HostLink) key.attachment()));
                }
            }
        } catch (IOException | RuntimeException | Error failure) {
            LOG.log(Level.ERROR, "the channel's reactor failed; all its links end", failure);
            failAll("the thread that serves it has failed: " + failure);
        } finally {
            end();
        }
    }

    private void serve(SelectionKey key) {
        HostLink link = (HostLink) key.attachment();
        try {
            if (key.isReadable()) {
                link.receive(input);
            }
            if (key.isWritable()) {
                key.interestOpsAnd(~SelectionKey.OP_WRITE);
                link.flush();
            }
        } catch (CancelledKeyException closed) {
            LOG.log(Level.TRACE, "a link was closed while it was served", closed);
        } catch (RuntimeException | Error failure) {
            fail(link, failure);
        }
    }

    private static void look(HostLink link) {
        try {
            link.look();
        } catch (RuntimeException | Error failure) {
            fail(link, failure);
        }
    }

    /** What goes wrong with one link, such as no thread for its callback, is the end of that link alone. */
    private static void fail(HostLink link, Throwable failure) {
        LOG.log(Level.ERROR, link + " failed", failure);
        link.fail("the link failed: " + failure);
    }

    private synchronized void failAll(String reason) {
        closing = true;
        List.copyOf(selector.keys()).forEach(key -> ((HostLink) key.attachment()).fail(reason));
    }

    private synchronized void end() {
        closing = true;
        List.copyOf(selector.keys()).forEach(key -> ((HostLink) key.attachment()).close());
        try {
            selector.close();
        } catch (IOException failure) {
            LOG.log(Level.WARNING, "the selector of the channel's reactor did not close", failure);
        }
    }
}
