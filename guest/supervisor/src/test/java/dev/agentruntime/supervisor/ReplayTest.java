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
        Replay.Missed missed = replay.take();
        assertThat(missed.dropped()).as("seed %d", seed).isEqualTo(whole.length - kept);
        assertThat(missed.bytes()).as("seed %d", seed).isEqualTo(Arrays.copyOfRange(whole, whole.length - kept, whole.length));
        assertThat(replay.take().dropped()).isZero();
        assertThat(replay.take().bytes()).isEmpty();
    }

    @Test
    void onlySoManyOfTheBytesAreTaken() {
        replay.add(new byte[] {1, 2, 3, 4}, 2);
        assertThat(replay.take().bytes()).containsExactly(1, 2);
    }

    @Test
    void whatReachedNobodyComesBeforeWhatWasSaidSince() {
        replay.add(new byte[Replay.MOST + 5], Replay.MOST + 5);
        Replay.Missed missed = replay.take();
        replay.add(new byte[] {1, 2}, 2);
        replay.putBack(missed);
        Replay.Missed all = replay.take();
        assertThat(all.dropped()).isEqualTo(5 + 2);
        assertThat(all.bytes()).hasSize(Replay.MOST).endsWith(0, 1, 2);
        replay.putBack(all);
        assertThat(replay.take()).usingRecursiveComparison().isEqualTo(all);
    }
}
