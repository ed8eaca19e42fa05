package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host that connects to guests which are slow, deaf, confused or gone. */
@Timeout(60)
class HandshakeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger connections = new AtomicInteger();
    private Path path;
    private Reactor reactor;
    private ServerSocketChannel server;

    private interface Guest {
        void serve(int connection, SocketChannel host, ByteBuffer hello) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        path = directory.resolve("agent.sock");
        reactor = new Reactor(Runnable::run);
    }

    @AfterEach
    void stop() throws IOException {
        reactor.close();
        if (server != null) {
            server.close();
        }
        threads.shutdownNow();
    }

    private void serve(Guest guest) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
        threads.submit(() -> {
            while (server.isOpen()) {
                try (SocketChannel host = server.accept()) {
                    guest.serve(connections.incrementAndGet(), host, hello(host));
                } catch (IOException gone) {
                    continue;
                }
            }
        });
    }

    /** What a guest finds; empty when the host hangs up before. */
    private static ByteBuffer hello(SocketChannel host) throws IOException {
        Hello.Scan scan = new Hello.Scan();
        ByteBuffer bytes = ByteBuffer.allocate(4096);
        while (host.read(bytes.clear()) >= 0) {
            if (scan.found(bytes.flip())) {
                return Hello.encode(scan.nonce());
            }
        }
        return ByteBuffer.allocate(0);
    }

    private static void answerPings(SocketChannel host) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(Yamux.HEADER);
        while (host.read(frame) >= 0) {
            if (!frame.hasRemaining()) {
                host.write(Wire.header(Yamux.PING, Yamux.ACK, 0, frame.getInt(8)));
                frame.clear();
            }
        }
    }

    private void drain(SocketChannel host) throws IOException {
        while (host.read(ByteBuffer.allocate(4096)) >= 0) {
            continue;
        }
    }

    private HostLink connect() throws IOException {
        return HostLink.connect(path, reactor, PATIENCE);
    }

    @Test
    void aGuestThatMissesTheFirstHelloAnswersALaterOne() throws Exception {
        serve((connection, host, hello) -> {
            if (connection < 3) {
                drain(host);
            } else {
                host.write(hello);
                answerPings(host);
            }
        });
        try (HostLink link = connect()) {
            assertThat(link.ping()).succeedsWithin(PATIENCE);
        }
        assertThat(connections).hasValue(3);
    }

    @Test
    void anAnswerToAnotherHelloIsNone() throws Exception {
        serve((connection, host, hello) -> {
            host.write(Hello.encode(new byte[Hello.NONCE]));
            if (connection > 1) {
                host.write(hello);
                answerPings(host);
            } else {
                drain(host);
            }
        });
        try (HostLink link = connect()) {
            assertThat(link.ping()).succeedsWithin(PATIENCE);
        }
        assertThat(connections).hasValue(2);
    }

    @Test
    void aGuestThatAnswersAndHangsUpIsTriedAgain() throws Exception {
        serve((connection, host, hello) -> {
            host.write(hello);
            if (connection > 1) {
                answerPings(host);
            }
        });
        try (HostLink link = connect()) {
            assertThat(link.ping()).succeedsWithin(PATIENCE);
        }
        assertThat(connections).hasValue(2);
    }

    @Test
    void aGuestThatSaysGoAwayAfterItsAnswerIsTriedAgain() throws Exception {
        serve((connection, host, hello) -> {
            host.write(hello);
            if (connection == 1) {
                host.write(Wire.header(Yamux.GO_AWAY, 0, 0, Yamux.INTERNAL_ERROR));
                drain(host);
            } else {
                answerPings(host);
            }
        });
        try (HostLink link = connect()) {
            assertThat(link.ping()).succeedsWithin(PATIENCE);
        }
        assertThat(connections).hasValue(2);
    }

    @Test
    void nonsenseRightBehindTheAnswerIsToldWhenTimeIsUp() throws Exception {
        serve((connection, host, hello) -> {
            host.write(ByteBuffer.allocate(hello.remaining() + 12).put(hello).put(new byte[] {9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9}).flip());
            drain(host);
        });
        assertThatThrownBy(() -> HostLink.connect(path, reactor, Duration.ofMillis(700))).isInstanceOf(IOException.class)
                .hasMessageContaining("no link to the guest at " + path).hasMessageContaining("within PT0.7S");
        assertThat(connections).hasValueGreaterThan(1);
    }

    @Test
    void aGuestThatAnswersTheHelloButNoPingIsNoLink() throws Exception {
        serve((connection, host, hello) -> {
            host.write(hello);
            drain(host);
        });
        assertThatThrownBy(() -> HostLink.connect(path, reactor, Duration.ofMillis(500))).hasMessageContaining("no link to the guest");
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        serve((connection, host, hello) -> drain(host));
        Future<Boolean> waiting = threads.submit(() -> {
            Thread.currentThread().interrupt();
            try {
                connect().close();
                return false;
            } catch (InterruptedIOException interrupted) {
                return Thread.currentThread().isInterrupted();
            }
        });
        assertThat(waiting).succeedsWithin(PATIENCE).isEqualTo(true);
    }

    @Test
    void noThreadOfTheExecutorIsNeededToConnect() throws Exception {
        serve((connection, host, hello) -> {
            host.write(hello);
            answerPings(host);
        });
        try (Reactor busy = new Reactor(task -> { }); HostLink link = HostLink.connect(path, busy, PATIENCE)) {
            assertThat(link.closed().toCompletableFuture()).isNotDone();
        } catch (UncheckedIOException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
