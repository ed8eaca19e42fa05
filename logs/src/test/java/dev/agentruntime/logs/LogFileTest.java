package dev.agentruntime.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.LogLine;
import dev.agentruntime.api.LogLine.Severity;
import dev.agentruntime.api.LogLine.Source;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {

    private static final long MEBIBYTE = 1L << 20;

    @TempDir
    Path directory;

    private final AtomicLong most = new AtomicLong(MEBIBYTE);
    private final AtomicLong kept = new AtomicLong();
    private Path folder;
    private LogFile file;

    @BeforeEach
    void open() {
        folder = directory.resolve("log");
        file = new LogFile(folder, most::get, kept::addAndGet);
    }

    private static Said said(String text) {
        return new Said(Instant.ofEpochMilli(1_924_992_000_123L), Source.STDOUT, Severity.INFO, text);
    }

    private void add(int from, int to) throws IOException {
        file.add(IntStream.range(from, to).mapToObj(n -> said("line " + n + " " + "x".repeat(80))).toList());
    }

    private static List<Long> numbers(List<LogLine> lines) {
        return lines.stream().map(LogLine::number).toList();
    }

    private List<LogLine> all() {
        List<LogLine> all = new ArrayList<>();
        LogFile.Place place = file.before(0);
        for (LogFile.Piece piece = file.read(place); !piece.after().equals(place); piece = file.read(place)) {
            all.addAll(piece.lines());
            place = piece.after();
        }
        return all;
    }

    @Test
    @Timeout(20)
    void aLogIsTakenUpByItsEndsHoweverLongItIs() throws IOException {
        file.add(List.of(said("first"), said("second")));
        Path part = folder.resolve("0.log");
        long terabyte = 1L << 40;
        try (FileChannel sparse = FileChannel.open(part, StandardOpenOption.WRITE)) {
            sparse.write(ByteBuffer.wrap("\n7 0 STDOUT INFO last\n".getBytes(StandardCharsets.UTF_8)), terabyte);
        }
        LogFile found = LogFile.found(folder, most::get, kept::addAndGet);
        assertThat(found.nextNumber()).isEqualTo(8);
        assertThat(found.bytes()).isGreaterThan(terabyte);
    }

    @Test
    void theLastLineOfAnEarlierRunIsFoundBeforeWhatSomebodyElseHasWritten() throws IOException {
        file.add(List.of(said("first"), said("second")));
        Files.writeString(folder.resolve("0.log"), ("x".repeat(99) + "\n").repeat(2_000), StandardOpenOption.APPEND);
        assertThat(LogFile.found(folder, most::get, kept::addAndGet).nextNumber()).isEqualTo(2);
    }

    private long onDisk() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(path -> path.toFile().length()).sum();
        }
    }

    @Test
    void whatIsAddedIsReadAgain() throws IOException {
        file.add(List.of(said("Grüße, 書"), said(""), new Said(Instant.EPOCH, Source.STDERR, Severity.WARNING, "  at x")));
        assertThat(file.last(10)).containsExactly(
                new LogLine(0, Instant.ofEpochMilli(1_924_992_000_123L), Source.STDOUT, Severity.INFO, "Grüße, 書"),
                new LogLine(1, Instant.ofEpochMilli(1_924_992_000_123L), Source.STDOUT, Severity.INFO, ""),
                new LogLine(2, Instant.EPOCH, Source.STDERR, Severity.WARNING, "  at x"));
        assertThat(all()).isEqualTo(file.last(10));
    }

    @Test
    void nothingIsOnTheDiskBeforeTheFirstLine() {
        assertThat(file.last(10)).isEmpty();
        assertThat(folder).doesNotExist();
    }

    @Test
    void nobodyElseMayReadIt() throws IOException {
        add(0, 1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))).isEqualTo("rwx------");
    }

    @Test
    void theLastLinesAreFoundAcrossParts() throws IOException {
        add(0, 5000);
        assertThat(numbers(file.last(3))).containsExactly(4997L, 4998L, 4999L);
        assertThat(numbers(file.last(4000))).hasSize(4000).startsWith(1000L).isSorted();
        assertThat(numbers(all())).hasSize(5000);
    }

    @Test
    void theNewestAreKeptAndTheDiskIsBounded() throws IOException {
        for (int n = 0; n < 40_000; n += 500) {
            add(n, n + 500);
            assertThat(onDisk()).isLessThanOrEqualTo(MEBIBYTE).isEqualTo(kept.get());
        }
        List<Long> kept = numbers(all());
        assertThat(kept).hasSizeGreaterThan(6000).isSorted().endsWith(39_999L);
        assertThat(kept.get(kept.size() - 1) - kept.get(0)).isEqualTo(kept.size() - 1L);
    }

    @Test
    void aSmallerBoundTakesEffectWithTheNextLine() throws IOException {
        most.set(8 * MEBIBYTE);
        add(0, 40_000);
        most.set(MEBIBYTE);
        add(40_000, 40_001);
        assertThat(onDisk()).isLessThanOrEqualTo(MEBIBYTE);
        assertThat(numbers(file.last(1))).containsExactly(40_000L);
    }

    @Test
    void whenEveryPartIsDroppedItGoesOn() throws IOException {
        add(0, 10);
        while (file.dropOldest()) {
            continue;
        }
        assertThat(all()).isEmpty();
        assertThat(kept).hasValue(0);
        add(10, 12);
        assertThat(numbers(all())).containsExactly(10L, 11L);
    }

    @Test
    void whoeverReadsWhileThePartThatIsWrittenIsDroppedMissesNothingThatIsAddedThen() throws IOException {
        add(0, 500);
        LogFile.Place place = file.read(file.before(0)).after();
        most.set(1024);
        add(500, 504);
        assertThat(numbers(file.read(place).lines())).containsExactly(500L, 501L, 502L, 503L);
    }

    @Test
    void anotherRunGoesOnWithTheNumbers() throws IOException {
        add(0, 3000);
        kept.set(0);
        LogFile again = LogFile.found(folder, most::get, kept::addAndGet);
        assertThat(kept).hasValue(onDisk());
        assertThat(again.nextNumber()).isEqualTo(3000);
        again.add(List.of(said("another")));
        assertThat(numbers(again.last(2))).containsExactly(2999L, 3000L);
        assertThat(again.before(2990)).isNotEqualTo(again.before(0));
    }

    @Test
    void aLineThatAKilledServerHasHalfWrittenIsPassedOver() throws IOException {
        add(0, 3);
        Files.writeString(folder.resolve("0.log"), "3 19249", StandardOpenOption.APPEND);
        LogFile again = LogFile.found(folder, most::get, kept::addAndGet);
        again.add(List.of(said("after")));
        assertThat(again.last(10)).extracting(LogLine::text).last().isEqualTo("after");
        assertThat(numbers(again.last(10))).containsExactly(0L, 1L, 2L, 3L);
    }

    @Test
    void whatSomebodyElseHasWrittenIsPassedOver() throws IOException {
        add(0, 1);
        Files.writeString(folder.resolve("0.log"), "hello\n1 2 NOBODY INFO x\n", StandardOpenOption.APPEND);
        assertThat(numbers(LogFile.found(folder, most::get, kept::addAndGet).last(10))).containsExactly(0L);
    }

    @Test
    void aDiskThatRefusesLosesThoseLinesAndNoMore() throws IOException {
        add(0, 2);
        Path first = folder.resolve("0.log");
        Files.move(first, folder.resolve("away"));
        Files.createDirectory(first);
        assertThatThrownBy(() -> add(2, 4)).isInstanceOf(IOException.class);
        Files.delete(first);
        Files.move(folder.resolve("away"), first);
        add(4, 5);
        assertThat(numbers(all())).containsExactly(0L, 1L, 2L);
        assertThat(file.last(1).get(0).text()).startsWith("line 4");
    }

    @Test
    void aDiskThatIsFullForLongIsNotFilledWithFilesNorNamesAndTheLogGoesOn() throws IOException {
        Files.createDirectories(folder);
        for (int n = 0; n < 50; n++) {
            Files.createSymbolicLink(folder.resolve("0.log"), Path.of("/dev/full"));
            assertThatThrownBy(() -> add(0, 2)).isInstanceOf(IOException.class).hasMessageContaining("No space left");
            assertThat(folder).isEmptyDirectory();
        }
        add(0, 1);
        assertThat(numbers(all())).containsExactly(0L);
        assertThat(onDisk()).isEqualTo(kept.get());
    }

    @Test
    void whatAFullDiskTookOfAWriteIsTakenBack() throws IOException {
        add(0, 2);
        Path file = folder.resolve("0.log");
        long before = Files.size(file);
        Files.writeString(file, "half a li", StandardOpenOption.APPEND);
        OwnFolder.cut(folder, "0.log", before);
        assertThat(file).hasSize(before);
        OwnFolder.cut(folder, "0.log", 0);
        assertThat(file).doesNotExist();
    }

    @Test
    void whoeverWaitsIsToldOnce() throws IOException {
        AtomicInteger told = new AtomicInteger();
        file.onNews(told::incrementAndGet);
        add(0, 1);
        add(1, 2);
        assertThat(told).hasValue(1);
    }

    @Test
    void nothingIsLeftWhenItIsDeleted() throws IOException {
        add(0, 3000);
        file.delete();
        assertThat(folder).doesNotExist();
        assertThat(kept).hasValue(0);
        file.delete();
    }
}
