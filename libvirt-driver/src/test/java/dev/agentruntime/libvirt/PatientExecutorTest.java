package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PatientExecutorTest {

    private final ScarceThreads threads = new ScarceThreads();
    private final PatientExecutor executor = new PatientExecutor(threads);
    private final List<String> done = new ArrayList<>();

    @AfterEach
    void end() throws InterruptedException {
        executor.close();
        threads.awaitTermination(10, TimeUnit.SECONDS);
    }

    @Test
    void aTaskForWhichThereIsNoThreadRunsWhenOneCanBeHadAgain() throws Exception {
        CompletableFuture<String> ran = new CompletableFuture<>();
        threads.exhaust();
        executor.execute(() -> ran.complete("late"));
        executor.retry();
        assertThat(ran).isNotDone();
        threads.recover();
        executor.retry();
        assertThat(ran.get(10, TimeUnit.SECONDS)).isEqualTo("late");
    }

    @Test
    void theEndOfAnotherTaskLetsAllThatWaitRun() throws Exception {
        CompletableFuture<String> slow = new CompletableFuture<>();
        CompletableFuture<String> last = new CompletableFuture<>();
        executor.execute(slow::join);
        threads.exhaust();
        for (String name : List.of("a", "b")) {
            executor.execute(() -> {
                done.add(name);
                throw new IllegalStateException(name);
            });
        }
        executor.execute(() -> last.complete("last"));
        threads.recover();
        slow.complete("ended");
        assertThat(last.get(10, TimeUnit.SECONDS)).isEqualTo("last");
        assertThat(done).containsExactly("a", "b");
    }

    @Test
    void whatComesAfterItsEndIsRefused() {
        executor.close();
        assertThatThrownBy(() -> executor.execute(() -> { })).isInstanceOf(RejectedExecutionException.class);
    }
}
