package dev.agentruntime.channel;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** Bytes waiting in pooled chunks, so that many tiny pieces cost no more memory than one large. Not thread-safe. */
final class ByteQueue {

    private final ChunkPool pool;
    private final ArrayDeque<byte[]> chunks = new ArrayDeque<>(4);
    private int headOffset;
    private int tailOffset = ChunkPool.CHUNK;
    private int size;

    ByteQueue(ChunkPool pool) {
        this.pool = pool;
    }

    int size() {
        return size;
    }

    void add(ByteBuffer source, int count) {
        int left = count;
        while (left > 0) {
            if (tailOffset == ChunkPool.CHUNK) {
                chunks.addLast(pool.take());
                tailOffset = 0;
            }
            int piece = Math.min(left, ChunkPool.CHUNK - tailOffset);
            source.get(chunks.peekLast(), tailOffset, piece);
            tailOffset += piece;
            left -= piece;
        }
        size += count;
    }

    void moveTo(ByteBuffer target, int count) {
        int left = count;
        while (left > 0) {
            int piece = Math.min(left, ChunkPool.CHUNK - headOffset);
            target.put(chunks.peekFirst(), headOffset, piece);
            headOffset += piece;
            left -= piece;
            if (headOffset == ChunkPool.CHUNK) {
                pool.give(chunks.removeFirst());
                headOffset = 0;
            }
        }
        size -= count;
        if (size == 0) {
            clear();
        }
    }

    void clear() {
        while (!chunks.isEmpty()) {
            pool.give(chunks.removeFirst());
        }
        headOffset = 0;
        tailOffset = ChunkPool.CHUNK;
        size = 0;
    }
}
