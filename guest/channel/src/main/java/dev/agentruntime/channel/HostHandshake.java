package dev.agentruntime.channel;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Brings both ends to the beginning of an epoch. The guest may not listen yet, or may take the hello for the rest of
 * something an earlier host has left unfinished: after a while without an answer the socket is closed and all begins
 * anew.
 */
final class HostHandshake {

    /**
     * A connected socket on which the guest has answered.
     *
     * @param received what followed the answer
     */
    record Greeted(SocketChannel socket, ByteBuffer received) {
    }

    private static final Duration FIRST_PATIENCE = Duration.ofMillis(150);
    private static final Duration MOST_PATIENCE = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path path;
    private final Duration timeout;
    private final Deadline deadline;
    private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    private String lastTrouble = "the guest did not answer the hello";
    private int attempts;

    HostHandshake(Path path, Duration timeout) {
        this.path = path;
        this.timeout = timeout;
        this.deadline = Deadline.in(timeout);
    }

    Deadline deadline() {
        return deadline;
    }

    /** The guest that has answered did not keep to it: says why for the message to come. */
    void failed(String trouble) {
        lastTrouble = trouble;
    }

    /** Blocks until the guest has answered. When the link then fails, it may be called again. */
    Greeted greet() throws IOException {
        Duration patience = FIRST_PATIENCE;
        try (Selector selector = Selector.open()) {
            while (attempts == 0 || deadline.remainingNanos() > 0) {
                if (attempts > 0) {
                    pause(selector, PAUSE);
                }
                SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
                int attempt = attempts++;
                if (greeted(socket, selector, attempt, patience)) {
                    return new Greeted(socket, buffer);
                }
                if (attempt > 0 && patience.compareTo(MOST_PATIENCE) < 0) {
                    patience = patience.multipliedBy(3).dividedBy(2);
                }
            }
        }
        throw new IOException("no link to the guest at " + path + " within " + timeout + ": " + lastTrouble
                + "; see whether the VM runs and its guest has started");
    }

    private boolean greeted(SocketChannel socket, Selector selector, int attempt, Duration patience) throws IOException {
        boolean done = false;
        try {
            socket.configureBlocking(false);
            if (socket.connect(UnixDomainSocketAddress.of(path))) {
                done = exchange(socket, selector, attempt, patience);
            } else {
                lastTrouble = "the socket is busy with another client";
            }
        } catch (InterruptedIOException interrupted) {
            throw interrupted;
        } catch (IOException failure) {
            lastTrouble = failure.toString();
        } finally {
            SelectionKey key = socket.keyFor(selector);
            if (key != null) {
                key.cancel();
                selector.selectNow();
            }
            if (!done) {
                socket.close();
            }
        }
        return done;
    }

    private boolean exchange(SocketChannel socket, Selector selector, int attempt, Duration patience) throws IOException {
        byte[] nonce = new byte[Hello.NONCE];
        RANDOM.nextBytes(nonce);
        ByteBuffer hello = attempt == 0 ? Hello.encode(nonce) : Hello.encodeAfterPadding(nonce);
        Hello.Scan scan = new Hello.Scan();
        SelectionKey key = socket.register(selector, SelectionKey.OP_READ);
        Deadline end = Deadline.in(patience);
        while (end.remainingNanos() > 0 && deadline.remainingNanos() > 0) {
            socket.write(hello);
            key.interestOps(hello.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
            pause(selector, Duration.ofNanos(Math.min(end.remainingNanos(), deadline.remainingNanos())));
            buffer.clear();
            if (socket.read(buffer) < 0) {
                lastTrouble = "the socket was closed by its other end";
                return false;
            }
            buffer.flip();
            while (scan.found(buffer)) {
                if (Arrays.equals(scan.nonce(), nonce)) {
                    return true;
                }
            }
        }
        lastTrouble = "the guest did not answer the hello";
        return false;
    }

    private static void pause(Selector selector, Duration time) throws IOException {
        selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(time.toNanos())));
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while waiting for the guest's answer to the hello");
        }
    }
}
