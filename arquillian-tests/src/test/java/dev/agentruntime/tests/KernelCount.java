package dev.agentruntime.tests;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What the kernel counts of a VM's CPU in its parent control group, asked without the product and over and over until the group is
 * gone: what was read last after the process had ended is all of it.
 */
final class KernelCount {

    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    /**
     * The last reading.
     *
     * @param nanos of CPU
     * @param whole whether the process had ended before it was taken, so that nothing came after it
     */
    record Reading(long nanos, boolean whole) {

        BigDecimal seconds() {
            return BigDecimal.valueOf(nanos, 9);
        }
    }

    private final Path file;
    private final Path process;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final Thread watching;
    private volatile Reading last = new Reading(0, false);

    private KernelCount(Path file, Path process) {
        this.file = file;
        this.process = process;
        this.watching = new Thread(this::watch, "kernel-count");
        this.watching.setDaemon(true);
    }

    /**
     * Begins to read. Blocks until the first reading is there.
     *
     * @param group   the control group of either version
     * @param process its folder below /proc
     */
    static KernelCount begin(Path group, Path process) {
        Path legacy = group.resolve("cpuacct.usage");
        KernelCount count = new KernelCount(Files.exists(legacy) ? legacy : group.resolve("cpu.stat"), process);
        count.watching.start();
        try {
            count.begun.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return count;
    }

    private void watch() {
        Optional<Reading> reading = read();
        while (reading.isPresent()) {
            last = reading.get();
            begun.countDown();
            LockSupport.parkNanos(PAUSE_NANOS);
            reading = read();
        }
        begun.countDown();
    }

    /** Whether the process has ended is looked at first: what it still does then is in the reading. */
    private Optional<Reading> read() {
        try {
            boolean ended = hasEnded();
            return Optional.of(new Reading(nanos(Files.readString(file)), ended));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private boolean hasEnded() {
        try {
            String stat = Files.readString(process.resolve("stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
        } catch (IOException gone) {
            return true;
        }
    }

    /** Version 1 says nanoseconds and nothing else, version 2 microseconds among other figures. */
    static long nanos(String text) {
        return text.lines().filter(line -> line.startsWith("usage_usec ")).findFirst()
                .map(line -> Long.parseLong(line.substring("usage_usec ".length()).strip()) * 1000).orElseGet(() -> Long.parseLong(text.strip()));
    }

    /** The last reading so far. */
    Reading now() {
        return last;
    }

    /** The last reading before the group was gone. Blocks until it is. */
    Reading end() {
        try {
            watching.join(TimeUnit.MINUTES.toMillis(2));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return last;
    }
}
