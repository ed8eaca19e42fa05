package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The blocking views of a stream; the other end is the test. */
@Timeout(60)
class StreamViewsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(80);

    private final Wire host = Wire.host();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private MuxStream stream;

    @BeforeEach
    void open() throws IOException {
        stream = host.engine.open("agent");
        host.sent();
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** Runs something that has to wait, and sees it wait. */
    private <T> Future<T> waiting(Callable<T> task) {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Future<T> future = threads.submit(() -> {
            thread.set(Thread.currentThread());
            return task.call();
        });
        await().until(() -> thread.get() != null && (thread.get().getState() == Thread.State.WAITING || thread.get().getState() == Thread.State.TIMED_WAITING));
        return future;
    }

    @Test
    void aReadWaitsForBytesAndTakesWhatIsThere() throws Exception {
        InputStream in = stream.input();
        Future<Integer> first = waiting(in::read);
        host.receiveData(Yamux.ACK, 1, new byte[] {-1, 2, 3});
        assertThat(first).succeedsWithin(PATIENCE).isEqualTo(255);
        assertThat(in.read(new byte[10])).isEqualTo(2);
        assertThat(in.read(new byte[0])).isZero();
    }

    @Test
    void aReadWaitsForTheEnd() throws Exception {
        Future<Integer> end = waiting(stream.input()::read);
        host.receive(Yamux.WINDOW_UPDATE, Yamux.FIN, 1, 0);
        assertThat(end).succeedsWithin(PATIENCE).isEqualTo(-1);
        assertThat(stream.input().read(new byte[5])).isEqualTo(-1);
    }

    @Test
    void aResetFreesAReaderAndAWriter() throws Exception {
        fill();
        Future<Integer> reader = waiting(stream.input()::read);
        Future<Object> writer = waiting(() -> {
            stream.output().write(1);
            return "written";
        });
        host.receive(Yamux.WINDOW_UPDATE, Yamux.RST, 1, 0);
        assertThat(reader).failsWithin(PATIENCE).withThrowableThat().withMessageContaining("the guest reset the stream");
        assertThat(writer).failsWithin(PATIENCE).withThrowableThat().withMessageContaining("the guest reset the stream");
    }

    @Test
    void closingFreesTheOnesWhoWaitHere() {
        Future<Integer> reader = waiting(stream.input()::read);
        stream.close();
        assertThat(reader).failsWithin(PATIENCE).withThrowableThat().withMessageContaining("closed on this side");
    }

    @Test
    void theEndOfTheLinkFreesEverybody() {
        Future<Integer> reader = waiting(stream.input()::read);
        host.engine.end("QEMU is gone");
        assertThat(reader).failsWithin(PATIENCE).withThrowableThat().withMessageContaining("QEMU is gone");
    }

    @Test
    void aReadWithALimitGivesUp() {
        InputStream in = stream.input(SHORT);
        assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class).hasMessageContaining("nothing arrived");
        assertThatThrownBy(in::read).as("the limit is one for all reads").isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void aReadAfterItsLimitStillTakesWhatIsThere() throws Exception {
        InputStream in = stream.input(Duration.ZERO);
        host.receiveData(Yamux.ACK, 1, new byte[] {7});
        assertThat(in.read()).isEqualTo(7);
    }

    @Test
    void aWriteWaitsForRoom() throws Exception {
        fill();
        Future<Object> writer = waiting(() -> {
            stream.output().write(new byte[3]);
            return "written";
        });
        host.sent();
        host.receive(Yamux.WINDOW_UPDATE, 0, 1, Yamux.INITIAL_WINDOW);
        assertThat(writer).succeedsWithin(PATIENCE);
    }

    @Test
    void aWriteWithALimitGivesUp() throws Exception {
        fill();
        try (OutputStream out = new StreamOutput(stream, Deadline.in(SHORT))) {
            assertThatThrownBy(() -> out.write(1)).isInstanceOf(SocketTimeoutException.class).hasMessageContaining("did not take");
        }
    }

    @Test
    void anInterruptFreesAReaderAndStaysSet() throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Future<Boolean> reader = waiting(() -> {
            thread.set(Thread.currentThread());
            try {
                stream.input().read();
                return false;
            } catch (InterruptedIOException interrupted) {
                return Thread.currentThread().isInterrupted();
            }
        });
        thread.get().interrupt();
        assertThat(reader).succeedsWithin(PATIENCE).isEqualTo(true);
    }

    @Test
    void closingTheWritingSideEndsItAfterWhatWasWritten() throws Exception {
        try (OutputStream out = stream.output()) {
            out.write(new byte[] {1, 2});
        }
        assertThat(host.sent()).isEqualTo("00000004" + "00000001" + "00000002" + "0102");
        assertThatThrownBy(() -> stream.output().write(1)).hasMessageContaining("shut down");
    }

    @Test
    void aBodyReadByteByByteEndsWhereItShould() throws Exception {
        InputStream body = new BodyInput(new ByteArrayInputStream(new byte[] {5, -6, 7}), 2);
        assertThat(body.read()).isEqualTo(5);
        assertThat(body.read()).isEqualTo(250);
        assertThat(body.read()).isEqualTo(-1);
        assertThat(body.read(new byte[3])).isEqualTo(-1);
        assertThat(body.read(new byte[0])).isZero();
    }

    @Test
    void aDeadlineThatIsFarAwayIsNotNow() {
        assertThat(Deadline.NEVER.remainingNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(Deadline.in(Duration.ofHours(1)).remainingNanos()).isGreaterThan(Duration.ofMinutes(59).toNanos());
        assertThat(Deadline.in(Duration.ofNanos(-5)).remainingNanos()).isZero();
    }

    /** Until the peer's window and the send buffer take no more. */
    private void fill() throws IOException {
        ByteBuffer much = ByteBuffer.allocate(1024 * 1024);
        while (stream.write(much) > 0) {
            host.sent();
        }
    }
}
