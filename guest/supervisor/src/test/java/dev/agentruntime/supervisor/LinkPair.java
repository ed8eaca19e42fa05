package dev.agentruntime.supervisor;

import dev.agentruntime.channel.GuestLink;
import dev.agentruntime.channel.HostLink;
import dev.agentruntime.channel.Reactor;
import dev.agentruntime.channel.StreamHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Both ends of the channel in one JVM, over a socket in the place of the virtio port. */
final class LinkPair implements AutoCloseable {
    final ExecutorService threads = Executors.newCachedThreadPool();
    private final Reactor reactor;
    private final HostLink host;
    private final GuestLink guest;

    LinkPair(Path folder, StreamHandler handler) throws IOException {
        Path path = folder.resolve("agent.sock");
        reactor = new Reactor(threads);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path))) {
            CompletableFuture<GuestLink> accepted = CompletableFuture.supplyAsync(() -> accept(server, handler), threads);
            host = HostLink.connect(path, reactor, Duration.ofSeconds(10));
            guest = accepted.join();
        }
    }

    private GuestLink accept(ServerSocketChannel server, StreamHandler handler) {
        try {
            SocketChannel port = server.accept();
            return GuestLink.serve(port, port, threads, handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HostLink host() {
        return host;
    }

    GuestLink guest() {
        return guest;
    }

    @Override
    public void close() {
        host.close();
        reactor.close();
        guest.close();
        threads.shutdownNow();
    }
}
