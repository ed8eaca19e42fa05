package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.fuzz.Corpus;
import dev.agentruntime.fuzz.Fuzz;
import dev.agentruntime.fuzz.Mutations;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guest that sends anything, over a real socket, beside one that is well and has the same reactor. */
class LinkFuzzTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Corpus FRAMES = Corpus.of(LinkFuzzTest.class, "corpus/frames");
    private static final Corpus HELLOS = Corpus.of(LinkFuzzTest.class, "corpus/hello");

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Reactor reactor;
    private FakePort port;
    private HostLink well;

    @BeforeEach
    void start() throws IOException {
        reactor = new Reactor(threads);
        port = new FakePort(directory.resolve("well.sock"), FakePort.EndOfFile.SEEN);
        GuestLink.serve(port, port, threads, HostLinkTest::serve);
        well = HostLink.connect(directory.resolve("well.sock"), reactor, PATIENCE);
    }

    @AfterEach
    void stop() throws IOException {
        reactor.close();
        port.close();
        threads.shutdownNow();
    }

    @Test
    void itsLinkEndsOrGoesOnAndItsNeighbourNoticesNothing() {
        Fuzz.run(15, random -> {
            Path path = directory.resolve("hostile.sock");
            Files.deleteIfExists(path);
            try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                server.bind(UnixDomainSocketAddress.of(path));
                List<ByteBuffer> sent = Mutations.pieces(FRAMES.mutated(random), random);
                ByteBuffer before = random.nextBoolean() ? ByteBuffer.allocate(0) : ByteBuffer.wrap(HELLOS.mutated(random));
                threads.execute(() -> serve(server, before, sent));
                meet(path, random);
            }
            assertThat(well.ping()).succeedsWithin(PATIENCE);
        });
    }

    private void meet(Path path, Random random) {
        try (HostLink link = HostLink.connect(path, reactor, Duration.ofMillis(300))) {
            MuxStream stream = link.open("agent");
            if (random.nextBoolean()) {
                link.onStream((target, opened) -> opened.close());
            }
            stream.write(ByteBuffer.allocate(random.nextInt(100_000)));
            link.ping().handle((answered, ended) -> "either").toCompletableFuture().join();
        } catch (IOException noLink) {
            assertThat(noLink.getMessage()).matches("[ -~]+");
        }
    }

    /** Answers hello and ping of each host that comes, sends what it was given, and closes. */
    private static void serve(ServerSocketChannel server, ByteBuffer before, List<ByteBuffer> frames) {
        while (server.isOpen()) {
            try (SocketChannel host = server.accept()) {
                Hello.Scan scan = new Hello.Scan();
                ByteBuffer heard = ByteBuffer.allocate(64 * 1024);
                while (host.read(heard.clear()) >= 0 && !scan.found(heard.flip())) {
                    continue;
                }
                send(host, before.duplicate());
                send(host, Hello.encode(scan.nonce()));
                send(host, Wire.header(Yamux.PING, Yamux.ACK, 0, 1));
                for (ByteBuffer frame : frames) {
                    send(host, frame.duplicate());
                }
            } catch (IOException left) {
                // The host has had enough of it, or the test has: the next one comes, or none.
            }
        }
    }

    private static void send(SocketChannel host, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            host.write(bytes);
        }
    }
}
