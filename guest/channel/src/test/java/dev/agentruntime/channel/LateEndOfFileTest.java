package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The news that an earlier host has gone reaches the guest when the next host has said hello already. */
@Timeout(60)
class LateEndOfFileTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger readsUntilTheEnd = new AtomicInteger(Integer.MAX_VALUE);
    private Path path;
    private Reactor reactor;
    private FakePort port;

    @BeforeEach
    void startGuest() throws IOException {
        path = directory.resolve("agent.sock");
        reactor = new Reactor(threads);
        port = new FakePort(path, FakePort.EndOfFile.SEEN);
        GuestLink.serve(new LatePort(), port, threads, HostLinkTest::serve);
    }

    @AfterEach
    void stop() throws IOException {
        reactor.close();
        port.close();
        threads.shutdownNow();
    }

    /** Says once that the host has gone, after some reads that have brought bytes. */
    private final class LatePort implements ReadableByteChannel {

        @Override
        public int read(ByteBuffer target) throws IOException {
            if (readsUntilTheEnd.compareAndSet(0, Integer.MAX_VALUE)) {
                return -1;
            }
            int count = port.read(target);
            if (count > 0) {
                readsUntilTheEnd.decrementAndGet();
            }
            return count;
        }

        @Override
        public boolean isOpen() {
            return port.isOpen();
        }

        @Override
        public void close() throws IOException {
            port.close();
        }
    }

    private static void echo(HostLink link) throws IOException {
        try (MuxStream stream = link.open("echo")) {
            stream.output().write(new byte[] {1, 2, 3});
            stream.shutdownOutput();
            assertThat(stream.input(PATIENCE).readAllBytes()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void aLinkThatTheGuestEndsRightAfterItsHelloIsMadeAnew() throws Exception {
        readsUntilTheEnd.set(1);
        try (HostLink link = HostLink.connect(path, reactor, PATIENCE)) {
            assertThat(readsUntilTheEnd).as("the end was seen").hasValueGreaterThan(1);
            echo(link);
        }
    }

    @Test
    void aHostWhoseEpochEndsInTheGuestLearnsOfItAtOnce() throws Exception {
        try (HostLink link = HostLink.connect(path, reactor, PATIENCE); MuxStream stream = link.open("stall")) {
            readsUntilTheEnd.set(1);
            stream.write(ByteBuffer.allocate(1));
            assertThat(link.closed()).succeedsWithin(PATIENCE).asString().contains("has lost the connection on its side");
        }
    }
}
