package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteQueueTest {

    private final ChunkPool pool = new ChunkPool();
    private final ByteQueue queue = new ByteQueue(pool);

    private static ByteBuffer bytes(int count, int from) {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        for (int i = 0; i < count; i++) {
            bytes.put((byte) (from + i));
        }
        return bytes.flip();
    }

    private byte[] take(int count) {
        ByteBuffer target = ByteBuffer.allocate(count);
        queue.moveTo(target, count);
        return target.array();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, ChunkPool.CHUNK - 1, ChunkPool.CHUNK, ChunkPool.CHUNK + 1, 3 * ChunkPool.CHUNK, 100_000})
    void whatGoesInComesOutInItsOrder(int count) {
        queue.add(bytes(count, 7), count);
        assertThat(queue.size()).isEqualTo(count);
        assertThat(take(count)).isEqualTo(bytes(count, 7).array());
        assertThat(queue.size()).isZero();
    }

    @Test
    void onlyAsMuchAsAskedForIsTakenFromTheSource() {
        ByteBuffer source = bytes(100, 0);
        queue.add(source, 30);
        assertThat(source.position()).isEqualTo(30);
        assertThat(take(10)).isEqualTo(bytes(10, 0).array());
        assertThat(take(20)).isEqualTo(bytes(20, 10).array());
    }

    @Test
    void nothingIsLeftAfterClearing() {
        queue.add(bytes(50_000, 0), 50_000);
        queue.clear();
        assertThat(queue.size()).isZero();
        queue.add(bytes(3, 9), 3);
        assertThat(take(3)).containsExactly(9, 10, 11);
    }

    @Test
    void manyTinyPiecesTakeNoMoreChunksThanOneLarge() {
        for (int i = 0; i < ChunkPool.CHUNK; i++) {
            queue.add(bytes(1, i), 1);
        }
        byte[] chunk = pool.take();
        queue.add(bytes(1, 0), 1);
        assertThat(queue.size()).isEqualTo(ChunkPool.CHUNK + 1);
        pool.give(chunk);
        assertThat(take(ChunkPool.CHUNK)).isEqualTo(bytes(ChunkPool.CHUNK, 0).array());
    }

    @Test
    void chunksAreUsedAgain() {
        byte[] chunk = pool.take();
        pool.give(chunk);
        assertThat(pool.take()).isSameAs(chunk);
    }

    @Test
    void anIdlePoolLetsItsMemoryGo() {
        byte[][] chunks = new byte[20][];
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = pool.take();
        }
        for (byte[] chunk : chunks) {
            pool.give(chunk);
        }
        pool.idle();
        pool.take();
        pool.take();
        byte[] third = pool.take();
        assertThat(Arrays.stream(chunks).filter(chunk -> chunk == third)).isEmpty();
    }

    @Test
    void randomWritesAndReadsKeepEveryByte() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int written = 0;
        int read = 0;
        for (int i = 0; i < 5000; i++) {
            int in = random.nextInt(40_000);
            if (queue.size() < 1_000_000) {
                queue.add(bytes(in, written), in);
                written += in;
            }
            int out = random.nextInt(queue.size() + 1);
            assertThat(take(out)).as("seed %d", seed).isEqualTo(bytes(out, read).array());
            read += out;
            assertThat(queue.size()).as("seed %d", seed).isEqualTo(written - read);
        }
    }
}
