package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.NoDiskRoomException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BoundedDiskTest {

    private static final Duration SOON = Duration.ofMillis(100);

    private final ExecutorService threads = Executors.newCachedThreadPool(DaemonThreads.named("disk-under-test"));
    private final CountDownLatch open = new CountDownLatch(1);
    private final AtomicInteger undone = new AtomicInteger();
    private final BoundedDisk disk = new BoundedDisk(Path.of("/saved"), threads, SOON);
    private final BoundedDisk patient = new BoundedDisk(Path.of("/saved"), threads);

    @AfterEach
    void end() {
        open.countDown();
        threads.shutdownNow();
    }

    private long hang(BooleanSupplier isLate) throws IOException {
        try {
            open.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return 1;
    }

    @Test
    void whatIsWrittenInTimeStays() throws IOException {
        assertThat(patient.write(isLate -> 7, undone::incrementAndGet)).isEqualTo(7);
        assertThat(undone).hasValue(0);
    }

    @Test
    void whatHangsIsUndoneWhenTheDiskGoesOnAndNotBefore() {
        assertThatThrownBy(() -> disk.write(this::hang, undone::incrementAndGet)).isInstanceOf(HypervisorAwayException.class)
                .hasMessage("The disk of /saved has not taken it within 0.1 s. Is it slow, or does it hang?");
        assertThat(undone).hasValue(0);
        open.countDown();
        await().untilAsserted(() -> assertThat(undone).hasValue(1));
    }

    @Test
    void nothingElseIsBegunMeanwhile() throws IOException {
        assertThatThrownBy(() -> disk.write(this::hang, () -> { })).isInstanceOf(HypervisorAwayException.class);
        AtomicBoolean begun = new AtomicBoolean();
        assertThatThrownBy(() -> disk.write(isLate -> {
            begun.set(true);
            return 1;
        }, undone::incrementAndGet)).isInstanceOf(HypervisorAwayException.class).hasMessageContaining("before");
        assertThat(begun).isFalse();
        assertThat(undone).hasValue(1);
        open.countDown();
        await().ignoreExceptions().until(() -> disk.write(isLate -> 3, () -> { }) == 3);
    }

    @Test
    void whoeverWritesLearnsThatNobodyWaitsAnyMore() {
        CountDownLatch noticed = new CountDownLatch(1);
        assertThatThrownBy(() -> disk.write(isLate -> {
            while (!isLate.getAsBoolean()) {
                Thread.onSpinWait();
            }
            noticed.countDown();
            throw new IOException("it took too long");
        }, undone::incrementAndGet)).isInstanceOf(HypervisorAwayException.class);
        await().untilAsserted(() -> assertThat(noticed.getCount()).isZero());
        await().untilAsserted(() -> assertThat(undone).hasValue(1));
    }

    @Test
    void whatFailsIsUndoneBeforeThatIsSaid() {
        assertThatThrownBy(() -> patient.write(isLate -> {
            throw new IOException("Operation not permitted");
        }, undone::incrementAndGet)).isInstanceOf(IOException.class).hasMessage("Operation not permitted");
        assertThat(undone).hasValue(1);
        assertThatThrownBy(() -> patient.write(isLate -> {
            throw new NoDiskRoomException("The disk is full");
        }, undone::incrementAndGet)).isInstanceOf(NoDiskRoomException.class);
        assertThat(undone).hasValue(2);
    }

    @Test
    void withoutAThreadNothingIsLeft() {
        threads.shutdownNow();
        assertThatThrownBy(() -> patient.write(isLate -> 1, undone::incrementAndGet)).isInstanceOf(RejectedExecutionException.class);
        assertThat(undone).hasValue(1);
    }

    @Test
    void whoeverIsInterruptedWaitsNoLonger() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> patient.write(this::hang, undone::incrementAndGet)).isInstanceOf(HypervisorAwayException.class);
        assertThat(Thread.interrupted()).isTrue();
        open.countDown();
        await().untilAsserted(() -> assertThat(undone).hasValue(1));
    }
}
