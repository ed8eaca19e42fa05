package dev.agentruntime.supervisor;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The last lines that Open Liberty wrote, bounded in number and length. Thread-safe. */
final class LogRing {
    private static final int MAX_LINE = 4096;

    private final int capacity;
    private final Deque<String> lines = new ArrayDeque<>();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private long added;
    private long lastAdded = System.nanoTime();

    LogRing(int capacity) {
        this.capacity = capacity;
    }

    void add(String line) {
        String bounded = line.length() <= MAX_LINE ? line : line.substring(0, MAX_LINE) + "…";
        synchronized (this) {
            if (lines.size() == capacity) {
                lines.removeFirst();
            }
            lines.addLast(bounded);
            added++;
            lastAdded = System.nanoTime();
        }
        listeners.forEach(listener -> listener.accept(bounded));
    }

    /** A position to give to {@link #since}: everything added later comes after it. */
    synchronized long mark() {
        return added;
    }

    /** The lines added after {@code mark}, as far as they are still kept; at most {@code limit}, the latest ones. */
    synchronized List<String> since(long mark, int limit) {
        return tail((int) Math.min(limit, added - mark));
    }

    /** The latest lines, oldest first. */
    synchronized List<String> tail(int limit) {
        List<String> all = new ArrayList<>(lines);
        return List.copyOf(all.subList(Math.max(0, all.size() - Math.max(0, limit)), all.size()));
    }

    /** How long no line was added. */
    synchronized Duration quiet() {
        return Duration.ofNanos(System.nanoTime() - lastAdded);
    }

    /** Forgets all lines. */
    synchronized void clear() {
        lines.clear();
    }

    /** Calls {@code listener} for every line to come, on the thread that adds it, until the registration is closed. */
    Registration listen(Consumer<String> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
