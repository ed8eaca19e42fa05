package dev.agentruntime.supervisor;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;

/** A UNIX socket that behaves like a virtio port: one host after the other, and reading ends at once while there is none. */
final class SocketPort implements ByteChannel {
    private final ServerSocketChannel server;
    private Optional<SocketChannel> host = Optional.empty();

    SocketPort(Path path) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
        server.configureBlocking(false);
    }

    private synchronized Optional<SocketChannel> host() throws IOException {
        if (host.isEmpty()) {
            host = Optional.ofNullable(server.accept());
        }
        return host;
    }

    private synchronized void gone() throws IOException {
        if (host.isPresent()) {
            host.get().close();
        }
        host = Optional.empty();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        Optional<SocketChannel> current = host();
        int count = -1;
        if (current.isPresent()) {
            try {
                count = current.get().read(target);
            } catch (IOException reset) {
                count = -1;
            }
        }
        if (count < 0) {
            gone();
        }
        return count;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        Optional<SocketChannel> current = host();
        if (current.isPresent()) {
            try {
                return current.get().write(source);
            } catch (IOException reset) {
                // What nobody reads is lost.
            }
        }
        int lost = source.remaining();
        source.position(source.limit());
        return lost;
    }

    @Override
    public boolean isOpen() {
        return server.isOpen();
    }

    @Override
    public void close() throws IOException {
        server.close();
        gone();
    }
}
