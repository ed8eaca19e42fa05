package dev.agentruntime.agents;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.logging.Logger;

/**
 * Runs file checks one after the other, on one thread as long as the file systems answer. A check that hangs keeps its
 * thread; the others go on without it on another. Thread-safe; does not block.
 */
final class FileChecks {

    private static final Logger LOG = Logger.getLogger(FileChecks.class.getName());
    /** A sleeping disk takes about this long to answer. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A check at the place where it was when it began. */
    private record Visit(FileCheck check, Path place) {

        static Visit of(FileCheck check) {
            return new Visit(check, check.place());
        }
    }

    private final Executor threads;
    private final LongSupplier nanos;
    private final Set<Visit> hanging = new HashSet<>();
    private Optional<Round> current = Optional.empty();

    /** @param nanos a clock that nobody sets, such as {@link System#nanoTime()} */
    FileChecks(Executor threads, LongSupplier nanos) {
        this.threads = threads;
        this.nanos = nanos;
    }

    /**
     * Begins a round of checks unless one is under way; gives up on the check that hangs, if one does. To be called once a
     * second.
     *
     * @param then asked for further checks once those of {@code first} are done
     */
    void tick(List<FileCheck> first, Supplier<List<FileCheck>> then) {
        Optional<Visit> stuck;
        Round next;
        synchronized (this) {
            stuck = current.flatMap(Round::stuck);
            if (current.isPresent() && stuck.isEmpty()) {
                return;
            }
            stuck.ifPresent(hanging::add);
            next = current.map(Round::rest).orElseGet(() -> new Round(new ArrayDeque<>(first), Optional.of(then)));
            current = Optional.of(next);
        }
        stuck.ifPresent(visit -> {
            AgentMessage.FILES_HANG.log(LOG, visit.place(), PATIENCE.toSeconds());
            visit.check().hangs(visit.place(), PATIENCE);
        });
        begin(next);
    }

    private void begin(Round round) {
        try {
            threads.execute(round);
        } catch (RuntimeException | Error noThread) {
            synchronized (this) {
                current = Optional.empty();
            }
            throw noThread;
        }
    }

    /** Guarded by the outer object. */
    private final class Round implements Runnable {

        private final Deque<FileCheck> ahead;
        private Optional<Supplier<List<FileCheck>>> then;
        private Optional<Visit> running = Optional.empty();
        private long aliveNanos;

        Round(Deque<FileCheck> ahead, Optional<Supplier<List<FileCheck>>> then) {
            this.ahead = ahead;
            this.then = then;
        }

        Optional<Visit> stuck() {
            return running.filter(visit -> nanos.getAsLong() - aliveNanos >= PATIENCE.toNanos());
        }

        Round rest() {
            return new Round(ahead, then);
        }

        @Override
        public void run() {
            for (Optional<Visit> visit = next(); visit.isPresent(); visit = next()) {
                try {
                    visit.get().check().run(this::alive);
                } catch (RuntimeException | Error e) {
                    AgentMessage.UNEXPECTED.log(LOG, e, "checking " + visit.get().place(), e.toString());
                }
                done(visit.get());
            }
        }

        private void alive() {
            synchronized (FileChecks.this) {
                aliveNanos = nanos.getAsLong();
            }
        }

        private Optional<Visit> next() {
            synchronized (FileChecks.this) {
                if (!isCurrent()) {
                    return Optional.empty();
                }
                running = poll();
                aliveNanos = nanos.getAsLong();
                if (running.isEmpty()) {
                    current = Optional.empty();
                }
                return running;
            }
        }

        private Optional<Visit> poll() {
            Optional<Visit> visit = pollAhead();
            if (visit.isEmpty() && then.isPresent()) {
                ahead.addAll(then.get().get());
                then = Optional.empty();
                visit = pollAhead();
            }
            return visit;
        }

        private Optional<Visit> pollAhead() {
            ahead.removeIf(check -> hanging.contains(Visit.of(check)));
            return Optional.ofNullable(ahead.pollFirst()).map(Visit::of);
        }

        private void done(Visit visit) {
            synchronized (FileChecks.this) {
                running = Optional.empty();
                if (!hanging.remove(visit)) {
                    return;
                }
            }
            AgentMessage.FILES_ANSWER.log(LOG, visit.place());
        }

        private boolean isCurrent() {
            return current.filter(round -> round == this).isPresent();
        }
    }
}
