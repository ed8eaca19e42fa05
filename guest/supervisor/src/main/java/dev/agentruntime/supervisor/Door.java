package dev.agentruntime.supervisor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;

/** A place in the guest where the agent connects to get out. For the loop's thread only. */
final class Door {
    /** So many connections wait in the kernel when there is no stream for them; more are tried again by the agent's own kernel. */
    private static final int BACKLOG = 256;
    private static final Duration BETWEEN_COMPLAINTS = Duration.ofSeconds(5);

    private final String target;
    private final String shown;
    private final ServerSocketChannel server;
    private SelectionKey key;
    private int open;
    private Optional<Long> lastComplaint = Optional.empty();

    private Door(String target, String shown, ServerSocketChannel server) {
        this.target = target;
        this.shown = shown;
        this.server = server;
    }

    /**
     * Listens; nobody is let in before {@link #open}. May be called on any thread.
     *
     * @param target how the host knows what is behind it
     * @param shown  how the agent knows it
     */
    static Door listen(InetSocketAddress address, String target, String shown) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            server.configureBlocking(false);
            server.bind(address, BACKLOG);
            return new Door(target, shown, server);
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    void open(SocketLoop loop, Runnable onKnock) throws IOException {
        key = loop.register(server, SelectionKey.OP_ACCEPT, onKnock);
    }

    String target() {
        return target;
    }

    String shown() {
        return shown;
    }

    /** Where it listens. */
    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) server.getLocalAddress();
    }

    /** Somebody who has knocked. */
    Optional<SocketChannel> next() throws IOException {
        return Optional.ofNullable(server.accept());
    }

    int openConnections() {
        return open;
    }

    void entered() {
        open++;
    }

    void left() {
        open--;
    }

    /** Whether those who knock are let in; otherwise they wait. */
    void admit(boolean admitted) {
        if (key.isValid()) {
            key.interestOps(admitted ? SelectionKey.OP_ACCEPT : 0);
        }
    }

    /** Whether it is time again to say that somebody was refused here; an agent that tries without end is not to fill its log. */
    boolean complains() {
        long now = System.nanoTime();
        if (lastComplaint.isPresent() && now - lastComplaint.get() < BETWEEN_COMPLAINTS.toNanos()) {
            return false;
        }
        lastComplaint = Optional.of(now);
        return true;
    }

    void close() throws IOException {
        server.close();
    }
}
