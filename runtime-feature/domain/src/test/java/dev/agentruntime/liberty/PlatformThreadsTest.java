package dev.agentruntime.liberty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.platform.Workers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PlatformThreadsTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final PlatformThreads threads = new PlatformThreads();
    private final Workers workers = threads.workers();
    private final ExecutorService others = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        threads.close();
        others.shutdownNow();
    }

    @Test
    void oneVmThatHangsHoldsUpNoOther() {
        for (int i = 0; i < 50; i++) {
            hanging(workers.vms());
            hanging(workers.files());
        }
        assertThat(CompletableFuture.runAsync(() -> { }, workers.vms())).succeedsWithin(SOON);
        assertThat(CompletableFuture.runAsync(() -> { }, workers.files())).succeedsWithin(SOON);
    }

    @Test
    void aLedgerThatHangsHoldsUpNoClaimOfAnId() {
        for (int i = 0; i < 10; i++) {
            hanging(workers.store());
        }
        assertThat(CompletableFuture.runAsync(() -> { }, workers.directory())).succeedsWithin(SOON);
    }

    @Test
    void aWriteThatIsUnderWayIsNotInterruptedAtTheEnd() throws InterruptedException {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch disk = new CountDownLatch(1);
        CompletableFuture<Boolean> written = CompletableFuture.supplyAsync(() -> {
            writing.countDown();
            return passed(disk);
        }, workers.store());
        writing.await();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(threads::close, others);
        await().until(((ExecutorService) workers.store())::isShutdown);
        disk.countDown();
        assertThat(written).succeedsWithin(SOON).isEqualTo(true);
        assertThat(closing).succeedsWithin(SOON);
    }

    @Test
    void theEndWaitsNeitherForAVmNorLongForADatabaseThatHangs() {
        CompletableFuture<Boolean> vm = hanging(workers.vms());
        CompletableFuture<Boolean> store = hanging(workers.store());
        assertThat(CompletableFuture.runAsync(threads::close, others)).succeedsWithin(SOON);
        assertThat(vm).succeedsWithin(SOON).isEqualTo(false);
        assertThat(store).succeedsWithin(SOON).isEqualTo(false);
    }

    private static CompletableFuture<Boolean> hanging(Executor executor) {
        return CompletableFuture.supplyAsync(() -> passed(new CountDownLatch(1)), executor);
    }

    /** False where the thread was interrupted. */
    private static boolean passed(CountDownLatch gate) {
        try {
            return gate.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            return false;
        }
    }
}
