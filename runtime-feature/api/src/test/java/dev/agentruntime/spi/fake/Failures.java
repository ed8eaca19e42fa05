package dev.agentruntime.spi.fake;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a test has a fake driver fail at, and where it has it wait. */
public final class Failures {

    private final Map<FakeDriver.Step, Deque<RuntimeException>> next = new EnumMap<>(FakeDriver.Step.class);
    private final Map<FakeDriver.Step, CountDownLatch> gates = new EnumMap<>(FakeDriver.Step.class);

    /** The next time {@code step} is taken, it throws {@code failure}. */
    public synchronized void next(FakeDriver.Step step, RuntimeException failure) {
        next.computeIfAbsent(step, unknown -> new ArrayDeque<>()).add(failure);
    }

    /** What has not failed yet will not. */
    public synchronized void clear() {
        next.clear();
    }

    /** From now on {@code step} waits. */
    public synchronized void hold(FakeDriver.Step step) {
        gates.put(step, new CountDownLatch(1));
    }

    /** Lets all go on that wait at {@code step}. */
    public synchronized void release(FakeDriver.Step step) {
        Optional.ofNullable(gates.remove(step)).ifPresent(CountDownLatch::countDown);
    }

    void meet(FakeDriver.Step step) {
        CountDownLatch gate;
        synchronized (this) {
            gate = gates.get(step);
        }
        if (gate != null) {
            pass(gate, step);
        }
        Optional<RuntimeException> failure;
        synchronized (this) {
            failure = Optional.ofNullable(next.get(step)).map(Deque::poll);
        }
        failure.ifPresent(thrown -> {
            throw thrown;
        });
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
