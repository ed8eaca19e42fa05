package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HostLinkTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MEGABYTE = 1024 * 1024;

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Path path;
    private Reactor reactor;
    private FakePort port;
    private GuestLink guest;

    @BeforeEach
    void startGuest() throws IOException {
        path = directory.resolve("agent.sock");
        reactor = new Reactor(threads);
        port = new FakePort(path, FakePort.EndOfFile.SEEN);
        guest = GuestLink.serve(port, port, threads, HostLinkTest::serve);
    }

    @AfterEach
    void stopAll() {
        reactor.close();
        guest.close();
        threads.shutdownNow();
    }

    /** Targets: echo, digest (of what it reads), source (as many random megabytes as asked for), stall, refuse. */
    static void serve(MuxStream stream, String target) throws IOException {
        InputStream in = stream.input();
        OutputStream out = stream.output();
        switch (target) {
            case "echo" -> {
                in.transferTo(out);
                out.close();
            }
            case "digest" -> {
                out.write(digest(in));
                out.close();
            }
            case "source" -> {
                int megabytes = in.read();
                int seed = in.read();
                Random random = new Random(seed);
                byte[] block = new byte[MEGABYTE];
                for (int i = 0; i < megabytes; i++) {
                    random.nextBytes(block);
                    out.write(block);
                }
                out.close();
            }
            case "stall" -> {
            }
            default -> throw new IOException("no such target: " + target);
        }
    }

    static byte[] digest(InputStream in) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[64 * 1024];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static byte[] digestOfRandom(int megabytes, int seed) throws Exception {
        Random random = new Random(seed);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] block = new byte[MEGABYTE];
        for (int i = 0; i < megabytes; i++) {
            random.nextBytes(block);
            digest.update(block);
        }
        return digest.digest();
    }

    private HostLink connect() throws IOException {
        return HostLink.connect(path, reactor, PATIENCE);
    }

    private void echo(HostLink link, byte[] message) throws Exception {
        try (MuxStream stream = link.open("echo")) {
            Future<?> writer = threads.submit(() -> {
                try (OutputStream out = stream.output()) {
                    out.write(message);
                }
                return null;
            });
            assertThat(stream.input().readAllBytes()).isEqualTo(message);
            writer.get();
        }
    }

    @Test
    void aStreamCarriesBytesBothWaysAndEnds() throws Exception {
        try (HostLink link = connect()) {
            echo(link, "hello".getBytes());
            echo(link, new byte[0]);
        }
    }

    @Test
    void aHundredMegabytesEachWayArriveIntactInBoundedMemory() throws Exception {
        try (HostLink link = connect(); MuxStream up = link.open("digest"); MuxStream down = link.open("source")) {
            Future<?> upload = threads.submit(() -> {
                Random random = new Random(5);
                byte[] block = new byte[MEGABYTE];
                try (OutputStream out = up.output()) {
                    for (int i = 0; i < 100; i++) {
                        random.nextBytes(block);
                        out.write(block);
                        assertThat(up.bufferedBytes()).isLessThanOrEqualTo(Yamux.SEND_BUFFER);
                        assertThat(down.bufferedBytes()).isLessThanOrEqualTo(Yamux.INITIAL_WINDOW);
                    }
                }
                return null;
            });
            down.output().write(new byte[] {100, 6});
            assertThat(digest(down.input())).isEqualTo(digestOfRandom(100, 6));
            upload.get();
            assertThat(up.input().readAllBytes()).isEqualTo(digestOfRandom(100, 5));
        }
    }

    @Test
    void manyStreamsOfRandomSizesShareTheLink() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (HostLink link = connect()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                List<byte[]> messages = new ArrayList<>();
                for (int j = 0; j < 10; j++) {
                    byte[] message = new byte[random.nextInt(random.nextInt(8) == 0 ? 2 * MEGABYTE : 5000)];
                    random.nextBytes(message);
                    messages.add(message);
                }
                all.add(threads.submit(() -> {
                    for (byte[] message : messages) {
                        echo(link, message);
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                assertThat(one).as("seed %d", seed).succeedsWithin(PATIENCE);
            }
        }
    }

    @Test
    void aStalledStreamLeavesOthersAlone() throws Exception {
        try (HostLink link = connect(); MuxStream upload = link.open("stall"); MuxStream download = link.open("source")) {
            download.output().write(new byte[] {100, 1});
            ByteBuffer block = ByteBuffer.allocate(MEGABYTE);
            await().until(() -> upload.write(block) == 0 && block.position() >= Yamux.INITIAL_WINDOW - "stall\n".length());
            for (int i = 0; i < 100; i++) {
                echo(link, new byte[10_000]);
            }
            assertThat(digest(download.input())).isEqualTo(digestOfRandom(100, 1));
        }
    }

    @Test
    void aRefusedTargetResetsTheStream() throws Exception {
        try (HostLink link = connect(); MuxStream stream = link.open("nowhere")) {
            assertThatThrownBy(() -> stream.input().read()).isInstanceOf(IOException.class)
                    .hasMessage("the guest reset the stream");
            echo(link, new byte[10]);
        }
    }

    @Test
    void theGuestAnswersAPing() throws Exception {
        try (HostLink link = connect()) {
            assertThat(link.ping()).succeedsWithin(PATIENCE);
            assertThat(link.ping()).succeedsWithin(PATIENCE);
        }
    }

    @Test
    void aGuestMayOpenStreamsOnceItsHostTakesThem() throws Exception {
        try (HostLink link = connect()) {
            MuxStream refused = guest.open("egress");
            assertThatThrownBy(() -> refused.input().read()).hasMessage("the host reset the stream");
            link.onStream((target, stream) -> threads.execute(() -> {
                try (stream) {
                    stream.output().write((target + ":").getBytes());
                    stream.input().transferTo(stream.output());
                    stream.shutdownOutput();
                } catch (IOException failure) {
                    throw new AssertionError(failure);
                }
            }));
            for (int i = 0; i < 40; i++) {
                try (MuxStream stream = guest.open("egress")) {
                    byte[] message = new byte[i * 10_000];
                    Future<?> writer = threads.submit(() -> {
                        try (OutputStream out = stream.output()) {
                            out.write(message);
                        }
                        return null;
                    });
                    assertThat(stream.input().readAllBytes()).hasSize(message.length + "egress:".length());
                    writer.get();
                }
                echo(link, new byte[i]);
            }
        }
    }

    @Test
    void theEndOfTheVmEndsTheLinkWithASentence() throws Exception {
        try (HostLink link = connect(); MuxStream stream = link.open("stall")) {
            port.close();
            assertThat(link.closed()).succeedsWithin(PATIENCE).asString().contains(path.getFileName().toString(), "has ended").doesNotContain(path.getParent().toString());
            assertThatThrownBy(() -> stream.input().read()).isInstanceOf(IOException.class).hasMessageContaining("has ended");
            assertThatThrownBy(() -> link.open("echo")).isInstanceOf(IOException.class).hasMessageContaining("has ended");
        }
    }

    @Test
    void closingTheLinkIsNoDeath() throws Exception {
        HostLink link = connect();
        MuxStream stream = link.open("stall");
        link.close();
        assertThatThrownBy(() -> stream.input().read()).isInstanceOf(IOException.class).hasMessageContaining("closed on this side");
        assertThat(link.closed().toCompletableFuture()).isNotDone();
    }

    @Test
    void theNextHostFindsTheGuestAgain() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (HostLink link = connect()) {
                MuxStream upload = link.open("stall");
                upload.write(ByteBuffer.allocate(MEGABYTE));
                link.open("source").output().write(new byte[] {3, 1});
                echo(link, new byte[1000]);
            }
        }
    }

    @Test
    void aGuestThatIsNotThereIsWaitedForAndThenReported() throws Exception {
        Path nowhere = directory.resolve("nowhere.sock");
        assertThatThrownBy(() -> HostLink.connect(nowhere, reactor, Duration.ofMillis(300))).isInstanceOf(IOException.class)
                .hasMessageContaining(nowhere.toString()).hasMessageContaining("no link");
    }

    @Test
    void aSecondClientIsNeverAnswered() throws Exception {
        try (HostLink link = connect()) {
            echo(link, new byte[1]);
            assertThatThrownBy(() -> HostLink.connect(path, reactor, Duration.ofMillis(500)))
                    .isInstanceOf(IOException.class).hasMessageContaining("did not answer");
            echo(link, new byte[1]);
        }
    }
}
