package dev.agentruntime.spi.fake;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What a test has a fake driver fail at, and where it has it wait. Thread-safe. */
public final class Failures {

    private final Map<FakeDriver.Step, Deque<RuntimeException>> next = new EnumMap<>(FakeDriver.Step.class);
    private final Map<FakeDriver.Step, Supplier<RuntimeException>> always = new EnumMap<>(FakeDriver.Step.class);
    private final Map<FakeDriver.Step, CountDownLatch> gates = new EnumMap<>(FakeDriver.Step.class);
    private Optional<Chaos> chaos = Optional.empty();
    private Consumer<String> witness = moment -> { };

    /** The next time {@code step} is taken, it throws {@code failure}. */
    public synchronized void next(FakeDriver.Step step, RuntimeException failure) {
        next.computeIfAbsent(step, unknown -> new ArrayDeque<>()).add(failure);
    }

    /** What has not failed yet will not. */
    public synchronized void clear() {
        next.clear();
    }

    /** From now on {@code step} throws what {@code failure} gives. */
    public synchronized void always(FakeDriver.Step step, Supplier<RuntimeException> failure) {
        always.put(step, failure);
    }

    /** From now on {@code step} works. */
    public synchronized void heal(FakeDriver.Step step) {
        always.remove(step);
    }

    /** From now on {@code step} waits. */
    public synchronized void hold(FakeDriver.Step step) {
        gates.put(step, new CountDownLatch(1));
    }

    /** Lets all go on that wait at {@code step}. */
    public synchronized void release(FakeDriver.Step step) {
        Optional.ofNullable(gates.remove(step)).ifPresent(CountDownLatch::countDown);
    }

    /** From now on steps are late, hang and fail as {@code source} likes, until it is calmed. */
    public synchronized void chaos(Chaos source) {
        chaos = Optional.of(source);
    }

    /** From now on {@code witness} is told of the moment before each step, and of the moment after those that change something for good. */
    public synchronized void watch(Consumer<String> witness) {
        this.witness = witness;
    }

    private synchronized Consumer<String> witness() {
        return witness;
    }

    void meet(FakeDriver.Step step) {
        witness().accept("before " + step);
        CountDownLatch gate;
        Optional<Chaos> source;
        synchronized (this) {
            gate = gates.get(step);
            source = chaos;
        }
        if (gate != null) {
            pass(gate, step);
        }
        source.ifPresent(wild -> wild.before(step));
        Optional<RuntimeException> failure;
        synchronized (this) {
            failure = Optional.ofNullable(next.get(step)).map(Deque::poll)
                    .or(() -> Optional.ofNullable(always.get(step)).map(Supplier::get));
        }
        failure.ifPresent(thrown -> {
            throw thrown;
        });
    }

    /** {@code step} was taken, but its caller may not be told so. */
    void met(FakeDriver.Step step) {
        witness().accept("after " + step);
        Optional<Chaos> source;
        synchronized (this) {
            source = chaos;
        }
        source.ifPresent(wild -> wild.after(step));
    }

    private static void pass(CountDownLatch gate, FakeDriver.Step step) {
        try {
            if (!gate.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Nobody released " + step + " within 30 s.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while held at " + step + ".", e);
        }
    }
}
