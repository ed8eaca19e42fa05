package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The second link of a VM, whose streams the guest opens. */
@Timeout(60)
class WayOutLinkTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Path path;
    private Reactor reactor;
    private FakePort port;
    private GuestLink guest;

    @BeforeEach
    void startGuest() throws IOException {
        path = directory.resolve("way-out.sock");
        reactor = new Reactor(threads, "test-way-out");
        port = new FakePort(path, FakePort.EndOfFile.SEEN);
        guest = GuestLink.wayOut(port, port, threads);
        guest.expectHost();
    }

    @AfterEach
    void stopAll() {
        reactor.close();
        guest.close();
        threads.shutdownNow();
    }

    private HostLink connect(BiConsumer<String, MuxStream> handler) throws IOException {
        HostLink link = HostLink.connect(path, reactor, PATIENCE, Limits.OUT_OF_HOST);
        link.onStream(handler);
        return link;
    }

    /** Sends back what comes, on a thread of its own. */
    private void echo(String target, MuxStream stream) {
        threads.execute(() -> {
            try (stream) {
                stream.input().transferTo(stream.output());
                stream.shutdownOutput();
                stream.input().read();
            } catch (IOException e) {
                stream.close();
            }
        });
    }

    private byte[] exchange(byte[] message) throws Exception {
        try (MuxStream stream = guest.open("outbound/echo")) {
            CompletableFuture<byte[]> back = CompletableFuture.supplyAsync(() -> {
                try {
                    return stream.input().readAllBytes();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }, threads);
            stream.output().write(message);
            stream.shutdownOutput();
            return back.get();
        }
    }

    @Test
    void aMegabyteGoesThereAndBack() throws Exception {
        byte[] message = new byte[1 << 20];
        new Random(7).nextBytes(message);
        try (HostLink link = connect(this::echo)) {
            assertThat(exchange(message)).isEqualTo(message);
        }
    }

    @Test
    void aGuestHasAsManyStreamsAsItsLimitAndTheHostTakesThemAll() throws Exception {
        List<MuxStream> streams = new ArrayList<>();
        try (HostLink link = connect(this::echo)) {
            for (int i = 0; i < Limits.OUT_OF_GUEST.openedStreams(); i++) {
                streams.add(guest.open("outbound/echo"));
            }
            assertThatThrownBy(() -> guest.open("proxy")).hasMessageContaining("128 are open");
            for (MuxStream stream : streams) {
                stream.output().write(9);
                assertThat(stream.input(PATIENCE).read()).isEqualTo(9);
            }
            streams.get(0).close();
            await().untilAsserted(() -> assertThat(exchange(new byte[] {1})).containsExactly(1));
        }
    }

    @Test
    void theHostOpensNone() throws Exception {
        try (HostLink link = connect(this::echo)) {
            assertThatThrownBy(() -> link.open("agent")).hasMessageContaining("no further stream");
        }
    }

    @Test
    void withoutAHostNothingIsOpened() {
        assertThatThrownBy(() -> guest.open("proxy")).isInstanceOf(IOException.class).hasMessageContaining("no host");
    }

    @Test
    void theNextHostIsServedAndTheStreamsOfTheFirstAreReset() throws Exception {
        HostLink first = connect((target, stream) -> { });
        MuxStream old = guest.open("proxy");
        first.close();
        await().untilAsserted(() -> assertThatThrownBy(() -> old.input(PATIENCE).read()).isInstanceOf(IOException.class));
        guest.expectHost();
        try (HostLink second = connect(this::echo)) {
            assertThat(exchange(new byte[] {4, 5})).containsExactly(4, 5);
        }
    }

    @Test
    void aHostThatCameUncalledIsServedToo() throws Exception {
        connect((target, stream) -> { }).close();
        await().until(() -> {
            try {
                guest.open("proxy").close();
                return false;
            } catch (IOException gone) {
                return true;
            }
        });
        try (HostLink second = connect(this::echo)) {
            assertThat(exchange(new byte[] {6})).containsExactly(6);
        }
    }
}
