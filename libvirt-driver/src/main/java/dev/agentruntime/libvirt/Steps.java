package dev.agentruntime.libvirt;

import java.util.StringJoiner;

/** Times the steps of a start, for the log. For one thread. */
final class Steps {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final StringJoiner times = new StringJoiner(", ");
    private final long begun = System.nanoTime();
    private long last = begun;

    void done(String step) {
        long now = System.nanoTime();
        times.add(step + " " + (now - last) / NANOS_PER_MILLI);
        last = now;
    }

    /** In milliseconds. */
    long total() {
        return (System.nanoTime() - begun) / NANOS_PER_MILLI;
    }

    @Override
    public String toString() {
        return times.toString();
    }
}
