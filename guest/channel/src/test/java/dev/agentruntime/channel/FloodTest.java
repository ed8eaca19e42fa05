package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One guest floods its way out while another is asked something over its first link. Prints what an echo takes. */
@Timeout(60)
class FloodTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int ECHOES = 300;

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicBoolean flooding = new AtomicBoolean(true);
    private final AtomicLong flood = new AtomicLong();
    private Reactor first;
    private Reactor second;
    private FakePort quietPort;
    private FakePort floodedPort;
    private HostLink quiet;
    private HostLink flooded;
    private GuestLink attacker;

    @BeforeEach
    void start() throws IOException {
        first = new Reactor(threads);
        second = new Reactor(threads, "test-way-out");
        quietPort = new FakePort(directory.resolve("agent.sock"), FakePort.EndOfFile.SEEN);
        floodedPort = new FakePort(directory.resolve("egress.sock"), FakePort.EndOfFile.SEEN);
        GuestLink.serve(quietPort, quietPort, threads, HostLinkTest::serve);
        attacker = GuestLink.wayOut(floodedPort, floodedPort, threads);
        quiet = HostLink.connect(directory.resolve("agent.sock"), first, PATIENCE);
        flooded = HostLink.connect(directory.resolve("egress.sock"), second, PATIENCE, Limits.OUT_OF_HOST);
        flooded.onStream((target, stream) -> discard(stream, ByteBuffer.allocate(16 * 1024)));
    }

    @AfterEach
    void stop() throws IOException {
        flooding.set(false);
        first.close();
        second.close();
        quietPort.close();
        floodedPort.close();
        threads.shutdownNow();
    }

    private void discard(MuxStream stream, ByteBuffer target) {
        try {
            int count = stream.read(target.clear());
            while (count > 0) {
                flood.addAndGet(count);
                count = stream.read(target.clear());
            }
            if (count < 0) {
                stream.close();
            } else {
                stream.onReadable(() -> discard(stream, target));
            }
        } catch (IOException e) {
            stream.close();
        }
    }

    private long[] echoes() throws IOException {
        long[] micros = new long[ECHOES];
        try (MuxStream stream = quiet.open("echo")) {
            for (int i = 0; i < ECHOES; i++) {
                long begun = System.nanoTime();
                stream.output().write(1);
                assertThat(stream.input(PATIENCE).read()).isEqualTo(1);
                micros[i] = (System.nanoTime() - begun) / 1000;
            }
        }
        Arrays.sort(micros);
        return micros;
    }

    private void compare(String what) throws IOException {
        echoes();
        flooding.set(false);
        await().during(Duration.ofMillis(200)).until(() -> true);
        long[] calm = echoes();
        flooding.set(true);
        long before = flood.get();
        threads.execute(what.equals("bytes") ? this::floodWithBytes : this::floodWithStreams);
        await().until(() -> flood.get() > before);
        long[] busy = echoes();
        System.out.printf(Locale.ROOT, "echo of one byte, us, p50 / p99: %d / %d alone, %d / %d beside a flood of %s of another guest%n",
                calm[ECHOES / 2], calm[ECHOES * 99 / 100], busy[ECHOES / 2], busy[ECHOES * 99 / 100], what);
        assertThat(flood.get()).isGreaterThan(before);
    }

    private void floodWithBytes() {
        byte[] block = new byte[64 * 1024];
        for (int i = 0; i < 16; i++) {
            threads.execute(() -> {
                try (MuxStream stream = attacker.open("proxy")) {
                    while (flooding.get()) {
                        stream.output().write(block);
                    }
                } catch (IOException e) {
                    // The test is over.
                }
            });
        }
    }

    private void floodWithStreams() {
        while (flooding.get()) {
            try (MuxStream stream = attacker.open("outbound/db")) {
                flood.incrementAndGet();
            } catch (IOException e) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aFloodOfBytesDoesNotStandInTheWayOfAnotherGuestsRequests() throws Exception {
        compare("bytes");
    }

    @Test
    void aFloodOfStreamsDoesNotStandInTheWayOfAnotherGuestsRequests() throws Exception {
        compare("streams");
    }
}
