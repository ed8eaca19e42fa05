package dev.agentruntime.supervisor;

/** The latest bytes of what a shell has said while nobody listened. Not thread-safe. */
final class Replay {
    static final int MOST = 256 * 1024;

    private final byte[] ring = new byte[MOST];
    private int begin;
    private int size;
    private long dropped;

    /** What was kept, and how many bytes before it were not. */
    record Missed(byte[] bytes, long dropped) {
    }

    /** Keeps the first {@code length} bytes, in the place of the oldest ones where there is no more room. */
    void add(byte[] bytes, int length) {
        int skip = Math.max(0, length - MOST);
        int kept = length - skip;
        int over = Math.max(0, size + kept - MOST);
        begin = (begin + over) % MOST;
        size -= over;
        dropped += over + skip;
        int at = (begin + size) % MOST;
        int first = Math.min(kept, MOST - at);
        System.arraycopy(bytes, skip, ring, at, first);
        System.arraycopy(bytes, skip + first, ring, 0, kept - first);
        size += kept;
    }

    /** All that was missed since this was called last. */
    Missed take() {
        byte[] all = new byte[size];
        int first = Math.min(size, MOST - begin);
        System.arraycopy(ring, begin, all, 0, first);
        System.arraycopy(ring, 0, all, first, size - first);
        Missed missed = new Missed(all, dropped);
        begin = 0;
        size = 0;
        dropped = 0;
        return missed;
    }

    /** What was taken has not reached anybody: it comes before what was added since. */
    void putBack(Missed missed) {
        Missed since = take();
        dropped = missed.dropped() + since.dropped();
        add(missed.bytes(), missed.bytes().length);
        add(since.bytes(), since.bytes().length);
    }
}
