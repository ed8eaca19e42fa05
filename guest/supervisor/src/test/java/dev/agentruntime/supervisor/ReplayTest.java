package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReplayTest {

    private final Replay replay = new Replay();

    @Test
    void theLatestBytesAreKeptHoweverTheyCome() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < 200; i++) {
            byte[] some = new byte[random.nextInt(i == 77 ? 700_000 : 9_000)];
            random.nextBytes(some);
            replay.add(some, some.length);
            all.writeBytes(some);
        }
        byte[] whole = all.toByteArray();
        int kept = Math.min(whole.length, Replay.MOST);
        assertThat(replay.dropped()).as("seed %d", seed).isEqualTo(whole.length - kept);
        assertThat(replay.take()).as("seed %d", seed).isEqualTo(Arrays.copyOfRange(whole, whole.length - kept, whole.length));
        assertThat(replay.dropped()).isZero();
        assertThat(replay.take()).isEmpty();
    }

    @Test
    void onlySoManyOfTheBytesAreTaken() {
        replay.add(new byte[] {1, 2, 3, 4}, 2);
        assertThat(replay.take()).containsExactly(1, 2);
    }
}
