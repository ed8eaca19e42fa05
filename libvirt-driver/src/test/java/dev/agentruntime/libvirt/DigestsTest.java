package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigestsTest {

    private static final int PAGE = 4096;

    @TempDir
    Path folder;

    @Test
    void noTwoListsOfPartsLookAlike() {
        assertThat(Digests.sha256("ab", "c")).isNotEqualTo(Digests.sha256("a", "bc")).isNotEqualTo(Digests.sha256("abc"));
        assertThat(Digests.sha256("a", "")).isNotEqualTo(Digests.sha256("a")).matches("[0-9a-f]{64}");
        assertThat(Digests.sha256("ä", "€")).isEqualTo(Digests.sha256("ä", "€"));
    }

    @Test
    void onlyPagesThatHoldSomethingCountAsData() throws IOException {
        Path file = folder.resolve("sparse");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(3L << 20);
            sparse.seek(PAGE * 10L + 5);
            sparse.write(1);
            sparse.seek((2L << 20) - 1);
            sparse.write(new byte[] {1, 1});
        }
        Digests.Content content = Digests.content(file);
        assertThat(content.size()).isEqualTo(3L << 20);
        assertThat(content.dataBytes()).isEqualTo(3 * PAGE);
    }

    @Test
    void everyByteCounts() throws IOException {
        byte[] bytes = new byte[3 * 256 * PAGE + 17];
        long seed = System.nanoTime();
        Random random = new Random(seed);
        random.nextBytes(bytes);
        Path file = Files.write(folder.resolve("file"), bytes);
        long before = Digests.content(file).crc32c();
        for (int i = 0; i < 20; i++) {
            int at = random.nextInt(bytes.length);
            bytes[at] ^= 1;
            Files.write(file, bytes);
            assertThat(Digests.content(file).crc32c()).as("seed %d, byte %d", seed, at).isNotEqualTo(before);
            bytes[at] ^= 1;
        }
        Files.write(file, bytes);
        assertThat(Digests.content(file).crc32c()).isEqualTo(before);
    }

    @Test
    void anEmptyFileHasNoContentAndAMissingOneIsTold() throws IOException {
        assertThat(Digests.content(Files.createFile(folder.resolve("empty")))).isEqualTo(new Digests.Content(0, 0, 0));
        assertThatThrownBy(() -> Digests.content(folder.resolve("none"))).isInstanceOf(IOException.class);
    }
}
