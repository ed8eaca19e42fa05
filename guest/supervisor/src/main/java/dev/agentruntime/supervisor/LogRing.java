package dev.agentruntime.supervisor;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The last lines that Open Liberty wrote, bounded in number and length. Each has a number, one higher than the line before it.
 * Whoever adds a line waits for nobody who reads. Thread-safe.
 */
final class LogRing {
    /** The longest line, in characters. */
    static final int LONGEST = 4096;
    private static final int MOST_CHARACTERS = 1 << 20;

    /** @param epochMillis when it was added, by the guest's clock */
    record Line(long number, long epochMillis, String text) {
    }

    /**
     * Lines that follow one another.
     *
     * @param ended whether no line comes after these
     */
    record Batch(List<Line> lines, boolean ended) {
    }

    private final int capacity;
    private final Deque<Line> lines = new ArrayDeque<>();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private int characters;
    private long added;
    private long forgotten;
    private long end = Long.MAX_VALUE;
    private long lastAdded = System.nanoTime();

    LogRing(int capacity) {
        this.capacity = capacity;
    }

    void add(String line) {
        String bounded = line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
        synchronized (this) {
            lines.addLast(new Line(added++, System.currentTimeMillis(), bounded));
            characters += bounded.length();
            while (lines.size() > capacity || characters > MOST_CHARACTERS) {
                characters -= lines.removeFirst().text().length();
            }
            lastAdded = System.nanoTime();
            notifyAll();
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
        List<String> all = lines.stream().map(Line::text).toList();
        return List.copyOf(all.subList(Math.max(0, all.size() - Math.max(0, limit)), all.size()));
    }

    /** The number that the first line has, or had, that was not forgotten by {@link #clear()}. */
    synchronized long first() {
        return forgotten;
    }

    /**
     * Waits for lines from {@code number} on and returns those that are kept; at most {@code limit}, the oldest ones. None only at
     * the end.
     *
     * @param unwanted whether nobody wants lines any more, which is their end as well; looked at anew after {@link #wake()}
     */
    synchronized Batch await(long number, int limit, BooleanSupplier unwanted) throws InterruptedException {
        // Those that were forgotten do not come any more, however late they are asked for.
        while (added <= Math.max(number, forgotten) && Math.max(number, forgotten) < end) {
            if (unwanted.getAsBoolean()) {
                return new Batch(List.of(), true);
            }
            wait();
        }
        List<Line> next = new ArrayList<>();
        for (Line line : lines) {
            if (line.number() >= number && line.number() < end && next.size() < limit) {
                next.add(line);
            }
        }
        long reached = next.isEmpty() ? Math.max(number, added) : next.get(next.size() - 1).number() + 1;
        return new Batch(next, reached >= end);
    }

    /** Has whoever waits for lines look whether they are still wanted. */
    synchronized void wake() {
        notifyAll();
    }

    /** Whoever waits for lines is told that none comes after those that are there. */
    synchronized void end() {
        end = Math.min(end, added);
        notifyAll();
    }

    /** How long no line was added. */
    synchronized Duration quiet() {
        return Duration.ofNanos(System.nanoTime() - lastAdded);
    }

    /** Forgets all lines. */
    synchronized void clear() {
        lines.clear();
        characters = 0;
        forgotten = added;
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
