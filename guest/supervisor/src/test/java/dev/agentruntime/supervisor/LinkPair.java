package dev.agentruntime.supervisor;

import dev.agentruntime.channel.GuestLink;
import dev.agentruntime.channel.HostLink;
import dev.agentruntime.channel.Reactor;
import dev.agentruntime.channel.StreamHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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
        // A host that is not answered soon comes again: on a busy machine the first one has left before the guest looks.
        SocketPort port = new SocketPort(path);
        guest = GuestLink.serve(port, port, threads, handler);
        host = HostLink.connect(path, reactor, Duration.ofSeconds(10));
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
