package dev.agentruntime.channel;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * Behaves to the guest like its virtio port, and to the host like QEMU's socket: one client at a time, reading ends at
 * once while there is none, writing waits for one.
 */
final class FakePort implements ByteChannel {

    /** Whether the guest notices that a client has gone when the next is there already. */
    enum EndOfFile { SEEN, MISSED }

    private final EndOfFile endOfFile;
    private final ServerSocketChannel server;
    private SocketChannel client;
    private boolean closed;

    FakePort(Path path, EndOfFile endOfFile) throws IOException {
        this.endOfFile = endOfFile;
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        server.configureBlocking(false);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        SocketChannel current = accept();
        if (current == null) {
            return -1;
        }
        int count = readFrom(current, target);
        if (count >= 0) {
            return count;
        }
        current.close();
        synchronized (this) {
            client = null;
        }
        return endOfFile == EndOfFile.MISSED && accept() != null ? read(target) : -1;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        SocketChannel current = awaitClient();
        try {
            return current.write(source);
        } catch (IOException gone) {
            if (!isOpen()) {
                throw gone;
            }
            int dropped = source.remaining();
            source.position(source.limit());
            return dropped;
        }
    }

    private static int readFrom(SocketChannel current, ByteBuffer target) {
        try {
            return current.read(target);
        } catch (IOException reset) {
            return -1;
        }
    }

    private synchronized SocketChannel accept() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (client == null) {
            client = server.accept();
            notifyAll();
        }
        return client;
    }

    private synchronized SocketChannel awaitClient() throws IOException {
        while (client == null && !closed) {
            try {
                wait();
            } catch (InterruptedException interrupted) {
                throw new IOException(interrupted);
            }
        }
        if (closed) {
            throw new ClosedChannelException();
        }
        return client;
    }

    @Override
    public synchronized boolean isOpen() {
        return !closed;
    }

    /** QEMU dies. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        notifyAll();
        server.close();
        if (client != null) {
            client.close();
        }
    }
}
