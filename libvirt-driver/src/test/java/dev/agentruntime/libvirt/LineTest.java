package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.libvirt.Faults;
import org.libvirt.LibvirtException;

class LineTest {

    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(10);

    private final FakeLibvirt libvirt = new FakeLibvirt();
    private final ExecutorService threads = Executors.newCachedThreadPool(DaemonThreads.named("line-test"));
    private final CountDownLatch end = new CountDownLatch(1);
    private Line line;

    @BeforeEach
    void open() throws LibvirtException {
        line = new Line(libvirt.open(FakeLibvirt.URI), threads);
    }

    @AfterEach
    void close() {
        end.countDown();
        threads.shutdown();
    }

    private String hang(HypervisorConnection connection) {
        try {
            end.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return "at last";
    }

    @Test
    void aCallReturnsWhatItReturns() throws Exception {
        assertThat(line.<Integer>call(LONG, HypervisorConnection::ping)).isZero();
        await().until(() -> !line.busy());
    }

    @Test
    void aFailureIsTheCallersAsItIs() {
        assertThatThrownBy(() -> line.call(LONG, c -> {
            throw Faults.connectionLost();
        })).isInstanceOf(LibvirtException.class).hasMessageContaining("End of file");
        assertThatThrownBy(() -> line.call(LONG, c -> {
            throw new java.lang.Error("Invalid memory access");
        })).isInstanceOf(java.lang.Error.class).hasMessage("Invalid memory access");
        assertThatThrownBy(() -> line.call(LONG, c -> {
            throw new IllegalArgumentException("no");
        })).isInstanceOf(IllegalArgumentException.class);
        await().until(() -> !line.busy());
    }

    @Test
    void aCallThatHangsIsWaitedForNoLongerThanItsLimit() {
        assertThatThrownBy(() -> line.call(SHORT, this::hang)).isInstanceOf(TimeoutException.class);
        assertThat(line.busy()).isTrue();
    }

    @Test
    void aLineThatIsClosedLetsNobodyIn() throws Exception {
        line.close();
        line.close();
        assertThatThrownBy(() -> line.call(LONG, HypervisorConnection::ping)).isInstanceOf(Line.ClosedException.class);
        await().until(() -> libvirt.openConnections() == 0);
    }

    @Test
    void aConnectionIsFreedWhenTheLastCallHasLeftIt() {
        assertThatThrownBy(() -> line.call(SHORT, this::hang)).isInstanceOf(TimeoutException.class);
        line.close();
        assertThat(libvirt.openConnections()).isEqualTo(1);
        end.countDown();
        await().until(() -> libvirt.openConnections() == 0);
    }

    @Test
    void noMoreCallsThanThereIsRoomForHangAndTheOthersAreTold() {
        AtomicInteger begun = new AtomicInteger();
        List<CompletableFuture<Void>> callers = IntStream.range(0, 50).mapToObj(i -> CompletableFuture.runAsync(() ->
                assertThatThrownBy(() -> line.call(SHORT, c -> {
                    begun.incrementAndGet();
                    return hang(c);
                })).isInstanceOf(TimeoutException.class), task -> new Thread(task).start())).toList();
        callers.forEach(CompletableFuture::join);
        assertThat(begun).hasValue(32);
    }

    @Test
    void aThreadThatCannotBeHadLeavesNoCallBehind() {
        threads.shutdown();
        assertThatThrownBy(() -> line.call(LONG, HypervisorConnection::ping)).isInstanceOf(RuntimeException.class);
        await().until(() -> !line.busy());
    }
}
