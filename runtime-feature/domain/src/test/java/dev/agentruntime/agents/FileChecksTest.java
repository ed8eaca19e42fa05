package dev.agentruntime.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.spi.fake.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** With tasks that the test runs itself, one thread after the other, each stopped where it hangs. */
final class FileChecksTest {

    private final ManualClock clock = new ManualClock();
    private final Deque<Runnable> threads = new ArrayDeque<>();
    private final FileChecks checks = new FileChecks(threads::add, clock::nanos);
    private final List<String> done = new ArrayList<>();

    private final class Check implements FileCheck {

        private final String name;
        private final Consumer<Runnable> work;

        Check(String name, Consumer<Runnable> work) {
            this.name = name;
            this.work = work;
        }

        @Override
        public Path place() {
            return Path.of(name);
        }

        @Override
        public void run(Runnable alive) {
            work.accept(alive);
            done.add(name);
        }

        @Override
        public void hangs(Path place, Duration time) {
            done.add(name + " hangs");
        }
    }

    private Check quick(String name) {
        return new Check(name, alive -> { });
    }

    @Test
    void checksRunInTheirOrderAndTheLaterOnesAreAskedForAfterTheFirst() {
        List<FileCheck> later = new ArrayList<>();
        checks.tick(List.of(new Check("folder", alive -> later.add(quick("found")))), () -> later);
        runAll();
        assertThat(done).containsExactly("folder", "found");
    }

    @Test
    void thereIsOneRoundAtATime() {
        tick(quick("a"));
        tick(quick("a"));
        assertThat(threads).hasSize(1);
        runAll();
        tick(quick("a"));
        runAll();
        assertThat(done).containsExactly("a", "a");
    }

    @Test
    void whileACheckHangsTheOthersGoOnOnAnotherThreadAndItIsLeftAlone() {
        FileCheck other = quick("other");
        List<FileCheck> both = new ArrayList<>();
        AtomicBoolean hangs = new AtomicBoolean(true);
        FileCheck stuck = new Check("stuck", alive -> {
            if (hangs.getAndSet(false)) {
                clock.advance(FileChecks.PATIENCE);
                checks.tick(both, List::of);
                runAll();
                checks.tick(both, List::of);
                runAll();
            }
        });
        both.addAll(List.of(stuck, other));
        checks.tick(both, List::of);
        runAll();
        assertThat(done).containsExactly("stuck hangs", "other", "other", "stuck");
        checks.tick(both, List::of);
        runAll();
        assertThat(done).endsWith("stuck", "stuck", "other");
    }

    @Test
    void aCheckThatHangsAtOnePlaceRunsAtAnotherMeanwhile() {
        AtomicReference<Path> place = new AtomicReference<>(Path.of("nfs"));
        List<FileCheck> moving = new ArrayList<>();
        moving.add(new FileCheck() {
            @Override
            public Path place() {
                return place.get();
            }

            @Override
            public void run(Runnable alive) {
                Path at = place.get();
                if (at.equals(Path.of("nfs"))) {
                    clock.advance(FileChecks.PATIENCE);
                    checks.tick(moving, List::of);
                    runAll();
                    place.set(Path.of("local"));
                    checks.tick(moving, List::of);
                    runAll();
                }
                done.add(at.toString());
            }

            @Override
            public void hangs(Path at, Duration time) {
                done.add(at + " hangs");
            }
        });
        checks.tick(moving, List::of);
        runAll();
        assertThat(done).containsExactly("nfs hangs", "local", "nfs");
    }

    @Test
    void aCheckThatTakesLongAndIsAliveDoesNotHang() {
        tick(new Check("long", alive -> {
            for (int step = 0; step < 10; step++) {
                clock.advance(FileChecks.PATIENCE.dividedBy(2));
                alive.run();
                tick(quick("other"));
            }
        }));
        runAll();
        assertThat(done).containsExactly("long");
    }

    @Test
    void aCheckThatThrowsHarmsNoOther() {
        tick(new Check("bad", alive -> {
            throw new IllegalStateException("bad");
        }), new Check("worse", alive -> {
            throw new StackOverflowError();
        }), quick("good"));
        runAll();
        assertThat(done).containsExactly("good");
        tick(quick("good"));
        runAll();
        assertThat(done).containsExactly("good", "good");
    }

    @Test
    void aThreadThatCannotBeHadIsAskedForAgain() {
        Deque<RuntimeException> refusals = new ArrayDeque<>(List.of(new RejectedExecutionException("none")));
        FileChecks poor = new FileChecks(task -> {
            if (!refusals.isEmpty()) {
                throw refusals.poll();
            }
            task.run();
        }, clock::nanos);
        assertThatThrownBy(() -> poor.tick(List.of(quick("a")), List::of)).isInstanceOf(RejectedExecutionException.class);
        poor.tick(List.of(quick("a")), List::of);
        assertThat(done).containsExactly("a");
    }

    private void tick(FileCheck... all) {
        checks.tick(List.of(all), List::of);
    }

    private void runAll() {
        for (Runnable thread = threads.poll(); thread != null; thread = threads.poll()) {
            thread.run();
        }
    }
}
