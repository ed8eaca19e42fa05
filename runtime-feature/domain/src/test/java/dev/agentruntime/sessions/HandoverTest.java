package dev.agentruntime.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

final class HandoverTest {

    private final List<String> done = new ArrayList<>();

    @Test
    void aDeedIsLeftToTheOtherThreads() {
        List<Runnable> handed = new ArrayList<>();
        Handover.to(handed::add, () -> done.add("deed"));
        assertThat(done).isEmpty();
        handed.forEach(Runnable::run);
        assertThat(done).containsExactly("deed");
    }

    @Test
    void aDeedForWhichThereIsNoThreadIsDoneAtOnce() {
        Handover.to(deed -> {
            throw new OutOfMemoryError("unable to create native thread");
        }, () -> done.add("without memory"));
        Handover.to(deed -> {
            throw new RejectedExecutionException();
        }, () -> done.add("after the end"));
        assertThat(done).containsExactly("without memory", "after the end");
    }
}
