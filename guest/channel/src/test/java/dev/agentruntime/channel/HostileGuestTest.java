package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A guest that answers the hello and then does as it likes, over a real socket. */
@Timeout(60)
class HostileGuestTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Path path;
    private ServerSocketChannel server;
    private Reactor reactor;

    @BeforeEach
    void listen() throws IOException {
        path = directory.resolve("agent.sock");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        reactor = new Reactor(Runnable::run);
    }

    @AfterEach
    void stop() throws IOException {
        reactor.close();
        server.close();
        threads.shutdownNow();
    }

    private CompletableFuture<SocketChannel> guestAnswering(ByteBuffer before) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                SocketChannel guest = server.accept();
                ByteBuffer hello = ByteBuffer.allocate(Hello.LENGTH);
                while (hello.hasRemaining()) {
                    guest.read(hello);
                }
                guest.write(before);
                guest.write(hello.flip());
                readFully(guest, Yamux.HEADER);
                guest.write(Wire.header(Yamux.PING, Yamux.ACK, 0, 1));
                return guest;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }, threads);
    }

    private static ByteBuffer readFully(SocketChannel guest, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining() && guest.read(bytes) >= 0) {
            continue;
        }
        return bytes.flip();
    }

    @Test
    void aGuestThatGoesSilentLosesItsLinkAfterAPingWithoutAnAnswer() throws Exception {
        var guest = guestAnswering(ByteBuffer.allocate(0));
        try (Reactor quick = new Reactor(Runnable::run, Duration.ofMillis(20)); HostLink link = HostLink.connect(path, quick, PATIENCE)) {
            await().during(Duration.ofMillis(400)).until(() -> !link.closed().toCompletableFuture().isDone());
            link.startHeartbeat();
            assertThat(link.closed()).succeedsWithin(PATIENCE).asString().contains("no sign of life");
            assertThat(readFully(guest.join(), Yamux.HEADER)).isEqualTo(Wire.header(Yamux.PING, Yamux.SYN, 0, 2));
        }
    }

    @Test
    void aPausedGuestMayBeSilentForAnyTime() throws Exception {
        guestAnswering(ByteBuffer.allocate(0));
        try (Reactor quick = new Reactor(Runnable::run, Duration.ofMillis(20)); HostLink link = HostLink.connect(path, quick, PATIENCE)) {
            link.startHeartbeat();
            link.stopHeartbeat();
            await().during(Duration.ofMillis(600)).until(() -> !link.closed().toCompletableFuture().isDone());
        }
    }

    @Test
    void aGuestThatSaysAnythingAtAllKeepsItsLink() throws Exception {
        var guest = guestAnswering(ByteBuffer.allocate(0));
        try (Reactor quick = new Reactor(Runnable::run, Duration.ofMillis(100)); HostLink link = HostLink.connect(path, quick, PATIENCE)) {
            link.open("agent");
            link.startHeartbeat();
            await().during(Duration.ofSeconds(2)).pollInterval(Duration.ofMillis(20)).until(() -> {
                guest.join().write(Wire.header(Yamux.WINDOW_UPDATE, 0, 1, 0));
                return !link.closed().toCompletableFuture().isDone();
            });
        }
    }

    @Test
    void whatBreaksTheProtocolEndsTheLinkAndOnlyThat() throws Exception {
        var first = guestAnswering(ByteBuffer.allocate(0));
        try (HostLink hostile = HostLink.connect(path, reactor, PATIENCE)) {
            var second = guestAnswering(ByteBuffer.allocate(0));
            try (HostLink correct = HostLink.connect(path, reactor, PATIENCE)) {
                MuxStream stream = hostile.open("agent");
                first.join().write(ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes()));
                assertThat(hostile.closed()).succeedsWithin(PATIENCE).asString()
                        .contains(path.getFileName().toString(), "the guest sent a frame of version 71");
                assertThatThrownBy(() -> stream.input().read()).hasMessageContaining("version 71");
                assertThat(first.join().read(ByteBuffer.allocate(100))).isPositive();
                assertThat(correct.closed().toCompletableFuture()).isNotDone();
                var ping = correct.ping();
                second.join().write(Wire.header(Yamux.PING, Yamux.ACK, 0, 2));
                assertThat(ping).succeedsWithin(PATIENCE);
            }
        }
    }

    @Test
    void whateverComesBeforeTheAnswerIsDropped() throws Exception {
        byte[] other = new byte[Hello.NONCE];
        ByteBuffer before = ByteBuffer.allocate(5000).position(4000).put(Hello.encode(other)).position(0).limit(5000);
        var guest = guestAnswering(before);
        try (HostLink link = HostLink.connect(path, reactor, PATIENCE)) {
            var ping = link.ping();
            guest.join().write(Wire.header(Yamux.PING, Yamux.ACK, 0, 2));
            assertThat(ping).succeedsWithin(PATIENCE);
        }
    }

    @Test
    void aGuestThatReadsNothingHoldsNobodyUp() throws Exception {
        var guest = guestAnswering(ByteBuffer.allocate(0));
        try (HostLink link = HostLink.connect(path, reactor, PATIENCE)) {
            for (int i = 0; i < Limits.HOST.openedStreams(); i++) {
                ByteBuffer much = ByteBuffer.allocate(1024 * 1024);
                MuxStream stream = link.open("agent");
                while (stream.write(much) > 0) {
                    assertThat(much.position()).isLessThanOrEqualTo(Yamux.INITIAL_WINDOW);
                }
            }
            assertThatThrownBy(() -> link.open("agent")).hasMessageContaining("96 are open");
            guest.join().close();
            assertThat(link.closed()).succeedsWithin(PATIENCE);
        }
    }

    @Test
    void aLinkForWhoseCallbackThereIsNoThreadEndsAloneAndTellsSo() throws Exception {
        AtomicBoolean exhausted = new AtomicBoolean();
        Executor scarce = task -> {
            if (exhausted.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            task.run();
        };
        try (Reactor reactor = new Reactor(scarce)) {
            var first = guestAnswering(ByteBuffer.allocate(0));
            HostLink unlucky = HostLink.connect(path, reactor, PATIENCE);
            var second = guestAnswering(ByteBuffer.allocate(0));
            HostLink other = HostLink.connect(path, reactor, PATIENCE);
            MuxStream stream = unlucky.open("agent");
            stream.onReadable(() -> { });
            exhausted.set(true);
            first.join().write(Wire.header(Yamux.WINDOW_UPDATE, Yamux.ACK | Yamux.FIN, 1, 0));
            assertThat(unlucky.closed()).succeedsWithin(PATIENCE).asString().contains("unable to create native thread");
            assertThatThrownBy(() -> stream.write(ByteBuffer.allocate(1))).hasMessageContaining("has ended");
            assertThat(first.join().read(ByteBuffer.allocate(100))).isPositive();
            exhausted.set(false);
            var ping = other.ping();
            second.join().write(Wire.header(Yamux.PING, Yamux.ACK, 0, 2));
            assertThat(ping).succeedsWithin(PATIENCE);
        }
    }

    @Test
    void closingTheReactorEndsItsLinks() throws Exception {
        guestAnswering(ByteBuffer.allocate(0));
        HostLink link = HostLink.connect(path, reactor, PATIENCE);
        MuxStream stream = link.open("agent");
        reactor.close();
        assertThatThrownBy(() -> stream.input().read()).isInstanceOf(IOException.class);
        guestAnswering(ByteBuffer.allocate(0));
        assertThatThrownBy(() -> HostLink.connect(path, reactor, PATIENCE)).hasMessageContaining("the reactor is closed");
    }
}
