package dev.agentruntime.channel;

import java.util.ArrayDeque;

/** Buffers of one size, kept for the next use. Not thread-safe. */
final class ChunkPool {

    static final int CHUNK = 16 * 1024;
    private static final int KEPT_BUSY = 32;
    private static final int KEPT_IDLE = 2;

    private final ArrayDeque<byte[]> free = new ArrayDeque<>();

    byte[] take() {
        return free.isEmpty() ? new byte[CHUNK] : free.pop();
    }

    void give(byte[] chunk) {
        if (free.size() < KEPT_BUSY) {
            free.push(chunk);
        }
    }

    /** Lets memory go when no stream is left that would need it soon. */
    void idle() {
        while (free.size() > KEPT_IDLE) {
            free.pop();
        }
    }
}
