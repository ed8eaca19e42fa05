package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hosts that vanish in the middle of transfers, mid-frame where chance wants it. */
@Timeout(60)
class ReconnectTest {

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Reactor reactor;

    @BeforeEach
    void start() throws IOException {
        reactor = new Reactor(threads);
    }

    @AfterEach
    void stop() {
        reactor.close();
        threads.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource
    void everyReconnectFindsTheGuestAndEveryStreamIsWhole(FakePort.EndOfFile endOfFile) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path path = directory.resolve("agent.sock");
        try (FakePort port = new FakePort(path, endOfFile)) {
            GuestLink.serve(port, port, threads, HostLinkTest::serve);
            for (int i = 0; i < 30; i++) {
                try (HostLink link = HostLink.connect(path, reactor, Duration.ofSeconds(10))) {
                    byte[] message = new byte[random.nextInt(50_000)];
                    random.nextBytes(message);
                    MuxStream echo = link.open("echo");
                    echo.output().write(message);
                    echo.shutdownOutput();
                    assertThat(echo.input().readAllBytes()).as("seed %d, connection %d", seed, i).isEqualTo(message);
                    MuxStream download = link.open("source");
                    download.output().write(new byte[] {100, 1});
                    download.input().readNBytes(random.nextInt(500_000));
                    MuxStream upload = link.open("digest");
                    upload.write(ByteBuffer.allocate(random.nextInt(200_000)));
                }
            }
        }
    }
}
