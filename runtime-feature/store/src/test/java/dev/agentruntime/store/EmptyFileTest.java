package dev.agentruntime.store;

import static dev.agentruntime.store.Records.ALICE;
import static dev.agentruntime.store.Records.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What H2 does with files that were damaged, and what is told of it. */
final class EmptyFileTest {

    private static final int BLOCK = 4096;

    private final LogTail log = new LogTail();

    @TempDir
    Path folder;

    @AfterEach
    void end() {
        log.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {8_192, 12_288})
    void aFileThatWasCutShortIsToldAndKeptAsideBeforeANewOneBegins(long bytes) throws Exception {
        fill();
        age();
        cut(bytes);
        ledger().save(List.of(Records.begun("row-new", "id-1", ALICE, NOON)));
        assertThat(log.of(StoreMessage.FILE_UNREADABLE)).singleElement().asString().contains(file().toString(), "kept as");
        assertThat(Files.size(aside().orElseThrow())).isGreaterThanOrEqualTo(bytes);
        assertThat(ledger().latest("hello", "id-1")).map(SessionRecord::rowId).contains("row-new");
    }

    /** What H2 makes of such a file depends on where its pieces happen to end: it takes it for empty, having cut off more, or refuses it. */
    @ParameterizedTest
    @ValueSource(longs = {16_384, 20_000, 20_480, 24_576, 32_768, 40_960, 65_536})
    void noFileThatWasCutShortIsWrittenOverWithoutAWord(long bytes) throws Exception {
        fill();
        age();
        cut(bytes);
        try {
            ledger().save(List.of(Records.begun("row-new", "id-1", ALICE, NOON)));
        } catch (LedgerException refused) {
            assertThat(refused).hasMessageContaining("corrupted");
            return;
        }
        assertThat(log.of(StoreMessage.FILE_UNREADABLE)).singleElement().asString().contains(file().toString(), "kept as");
        assertThat(aside()).isPresent();
        assertThat(ledger().latest("hello", "id-1")).map(SessionRecord::rowId).contains("row-new");
    }

    @Test
    void aNewFileIsNoReasonToWarn() {
        ledger().probe();
        assertThat(log.of(StoreMessage.FILE_UNREADABLE)).isEmpty();
        assertThat(log.of(StoreMessage.MIGRATED)).hasSize(5);
    }

    @Test
    void aFileThatIsWellIsNoReasonToWarn() throws Exception {
        fill();
        age();
        assertThat(ledger().latest("hello", "id-of-row-1")).isPresent();
        assertThat(log.of(StoreMessage.FILE_UNREADABLE)).isEmpty();
        assertThat(aside()).isEmpty();
    }

    @Test
    void noiseIsRefusedByTheDatabaseAndTheFileLeftAsItIs() throws Exception {
        fill();
        byte[] noise = new byte[100_000];
        new Random(7).nextBytes(noise);
        Files.write(file(), noise);
        assertThatThrownBy(() -> ledger().probe()).isInstanceOf(LedgerException.class);
        assertThat(Files.readAllBytes(file())).isEqualTo(noise);
    }

    /** As a server does, which keeps connections: H2 closes its file with the last one. */
    private void fill() throws SQLException {
        try (Connection held = connect()) {
            assertThat(held.isClosed()).isFalse();
            ledger().save(IntStream.range(0, 300).mapToObj(i -> Records.closed("row-" + i)).toList());
        }
    }

    /** As if the file had been made an hour ago. The header stands there twice, each with a checksum of its own. */
    private void age() throws IOException {
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            for (int at : new int[] {0, BLOCK}) {
                ByteBuffer block = ByteBuffer.allocate(BLOCK);
                channel.read(block, at);
                String header = new String(block.array(), StandardCharsets.ISO_8859_1).split("\n", 2)[0];
                String aged = header.replaceFirst("created:[0-9a-f]+",
                        "created:" + Long.toHexString(Instant.now().minus(Duration.ofHours(1)).toEpochMilli()));
                aged = aged.substring(0, aged.lastIndexOf(",fletcher:"));
                aged += ",fletcher:" + Integer.toHexString(fletcher32(aged.getBytes(StandardCharsets.ISO_8859_1))) + "\n";
                channel.write(ByteBuffer.wrap(aged.getBytes(StandardCharsets.ISO_8859_1)), at);
            }
        }
    }

    /** H2's checksum of a header. */
    private static int fletcher32(byte[] bytes) {
        int low = 0xffff;
        int high = 0xffff;
        for (int i = 0; i < bytes.length; ) {
            for (int end = Math.min(i + 718, bytes.length / 2 * 2); i < end; ) {
                low += (bytes[i++] & 0xff) << 8 | bytes[i++] & 0xff;
                high += low;
            }
            low = (low & 0xffff) + (low >>> 16);
            high = (high & 0xffff) + (high >>> 16);
            if (bytes.length % 2 != 0 && i == bytes.length - 1) {
                low += (bytes[i++] & 0xff) << 8;
                high += low;
            }
        }
        low = (low & 0xffff) + (low >>> 16);
        high = (high & 0xffff) + (high >>> 16);
        return high << 16 | low;
    }

    private void cut(long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            assertThat(channel.size()).isGreaterThan(bytes);
            channel.truncate(bytes);
        }
    }

    private Optional<Path> aside() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().contains(".unreadable-")).findFirst();
        }
    }

    private Path file() {
        return folder.resolve("ledger.mv.db");
    }

    private Ledger ledger() {
        return new JdbcLedger(new Database(this::connect));
    }

    /** On a busy machine H2 would write in between, and what is left of a file that is cut be a database of then. */
    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:h2:file:" + folder.resolve("ledger") + ";USER=sa;WRITE_DELAY=600000");
    }
}
