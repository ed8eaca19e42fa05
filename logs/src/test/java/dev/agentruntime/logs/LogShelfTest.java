package dev.agentruntime.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.LogLine;
import dev.agentruntime.api.LogLine.Severity;
import dev.agentruntime.api.LogLine.Source;
import dev.agentruntime.api.SessionLog;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Tenant;
import dev.agentruntime.spi.SessionFacts;
import dev.agentruntime.spi.SessionPart;
import dev.agentruntime.spi.fake.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LogShelfTest {

    private static final Subject ALICE = new Subject("https://issuer", "alice");
    private static final SessionFacts SESSION =
            new SessionFacts("s-1", "hello", "0123456789ab", ALICE, new Tenant("https://issuer", Tenant.Kind.NAMED, "acme"), Instant.EPOCH);
    private static final long MEBIBYTE = 1L << 20;

    @TempDir
    Path folder;

    private final ManualClock clock = new ManualClock(Instant.parse("2031-01-01T00:00:00Z"));
    private Path directory;
    private LogsSettings settings;
    private LogShelf shelf;

    @BeforeEach
    void open() {
        directory = folder.resolve("a/logs");
        settings = new LogsSettings(Duration.ofHours(1), 8 * MEBIBYTE, 16 * MEBIBYTE, HostLogLevel.OFF, directory);
        shelf = shelf();
    }

    private LogShelf shelf() {
        return new LogShelf(directory, () -> settings, clock);
    }

    private static LogName name(String session) {
        return new LogName("hello", session, ALICE);
    }

    private static void say(KeptLog log, String... texts) throws IOException {
        log.add(Stream.of(texts).map(text -> new Said(Instant.EPOCH, Source.STDOUT, Severity.INFO, text)).toList());
    }

    private static void fill(KeptLog log, long mebibytes) throws IOException {
        for (int n = 0; n < mebibytes * 256; n++) {
            say(log, IntStream.range(0, 16).mapToObj(i -> "x".repeat(220)).toArray(String[]::new));
        }
    }

    private List<String> texts(LogShelf on, String session) {
        return on.of(TestSessions.view("hello", session, ALICE)).map(log -> TestLogs.latest(log, 100)).orElse(List.of()).stream().map(LogLine::text).toList();
    }

    @Test
    void aLogIsFoundByItsSessionAndItsOwner() throws IOException {
        say(shelf.open(name("s-1")), "hello");
        assertThat(texts(shelf, "s-1")).containsExactly("hello");
        assertThat(shelf.of(TestSessions.view("hello", "s-2", ALICE))).isEmpty();
        assertThat(shelf.of(TestSessions.view("other", "s-1", ALICE))).isEmpty();
        assertThat(shelf.of(TestSessions.view("hello", "s-1", new Subject("https://issuer", "bob")))).isEmpty();
    }

    @Test
    void itIsKeptForAWhileAfterTheEnd() throws IOException {
        KeptLog log = shelf.open(name("s-1"));
        say(log, "hello");
        log.end(clock.instant());
        clock.advance(Duration.ofMinutes(59));
        shelf.sweep();
        assertThat(texts(shelf, "s-1")).containsExactly("hello");
        clock.advance(Duration.ofMinutes(1));
        shelf.sweep();
        assertThat(shelf.of(TestSessions.view("hello", "s-1", ALICE))).isEmpty();
        assertThat(directory).isEmptyDirectory();
        assertThat(shelf.bytes()).isZero();
    }

    @Test
    void aLogThatIsOpenIsKeptHoweverOldItIs() throws IOException {
        say(shelf.open(name("s-1")), "hello");
        clock.advance(Duration.ofDays(1));
        shelf.sweep();
        assertThat(texts(shelf, "s-1")).containsExactly("hello");
    }

    @Test
    void aSessionThatIsBegunAnewGoesOnWithTheLog() throws IOException {
        KeptLog log = shelf.open(name("s-1"));
        say(log, "last words");
        log.end(clock.instant());
        KeptLog again = shelf.open(name("s-1"));
        say(again, "first words");
        clock.advance(Duration.ofHours(2));
        shelf.sweep();
        assertThat(texts(shelf, "s-1")).containsExactly("last words", "first words");
    }

    @Test
    void aSessionThatSaidNothingLeavesNothing() {
        shelf.open(name("s-1")).end(clock.instant());
        shelf.sweep();
        assertThat(shelf.of(TestSessions.view("hello", "s-1", ALICE))).isEmpty();
        assertThat(directory).doesNotExist();
    }

    @Test
    void whenAllIsFullTheLogsOfSessionsThatEndedGoFirstTheOldestFirst() throws IOException {
        for (String session : List.of("s-1", "s-2", "live")) {
            fill(shelf.open(name(session)), 5);
            clock.advance(Duration.ofSeconds(1));
            if (!session.equals("live")) {
                shelf.open(name(session)).end(clock.instant());
            }
        }
        fill(shelf.open(name("another")), 5);
        assertThat(shelf.bytes()).isLessThanOrEqualTo(16 * MEBIBYTE);
        assertThat(texts(shelf, "s-1")).isEmpty();
        assertThat(texts(shelf, "s-2")).isNotEmpty();
        assertThat(texts(shelf, "live")).isNotEmpty();
    }

    @Test
    void whenAllAreLiveTheLargestLosesItsOldestLines() throws IOException {
        say(shelf.open(name("small")), "precious");
        for (int n = 0; n < 3; n++) {
            fill(shelf.open(name("s-" + n)), 7);
        }
        assertThat(shelf.bytes()).isLessThanOrEqualTo(16 * MEBIBYTE);
        assertThat(texts(shelf, "small")).containsExactly("precious");
        assertThat(texts(shelf, "s-2")).hasSize(100);
    }

    @Test
    void anotherRunFindsThemAndKeepsThemFromTheirLastLineOn() throws IOException {
        KeptLog log = shelf.open(name("s-1"));
        say(log, "last words of a server that was killed");
        LogShelf next = shelf();
        clock.set(Instant.now());
        next.recover();
        assertThat(texts(next, "s-1")).containsExactly("last words of a server that was killed");
        assertThat(next.bytes()).isEqualTo(shelf.bytes());
        clock.advance(Duration.ofMinutes(61));
        next.sweep();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aFolderOfOursWithoutALogIsTidiedAndWhatIsNotOursIsLeft() throws IOException {
        say(shelf.open(name("s-1")), "hello");
        Path empty = Files.createDirectory(directory.resolve("01234567-89ab-cdef-0123-456789abcdef"));
        Files.writeString(Files.createDirectory(directory.resolve("ffdc")).resolve("1.log"), "somebody's");
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("1.log"), "somebody's");
        Files.createSymbolicLink(directory.resolve("01234567-89ab-cdef-0123-456789abcd00"), elsewhere);
        Files.writeString(directory.resolve("note"), "somebody's");
        LogShelf next = shelf();
        next.recover();
        assertThat(empty).doesNotExist();
        assertThat(directory.resolve("ffdc/1.log")).exists();
        assertThat(elsewhere.resolve("1.log")).exists();
        assertThat(directory.resolve("note")).exists();
        assertThat(texts(next, "s-1")).containsExactly("hello");
    }

    @Test
    void aSessionThatIsBegunAtOnceAfterARestartGoesOnWithItsLog() throws IOException {
        say(shelf.open(name("s-1")), "of the earlier run");
        CountDownLatch disk = new CountDownLatch(1);
        try (LogThreads threads = threadsBehind(disk)) {
            LogShelf next = shelf();
            next.recoverOn(threads, Duration.ofMinutes(1));
            CompletableFuture<SessionPart> joining = CompletableFuture.supplyAsync(() -> new LogRoom(next, () -> settings, threads, clock).join(SESSION));
            await().during(Duration.ofMillis(200)).until(() -> !joining.isDone());
            disk.countDown();
            joining.join();
            say(next.open(name("s-1")), "of this run");
            assertThat(texts(next, "s-1")).containsExactly("of the earlier run", "of this run");
        }
    }

    @Test
    @Timeout(30)
    void aDiskThatHangsAfterARestartHoldsUpNoSessionForLong() {
        CountDownLatch disk = new CountDownLatch(1);
        try (LogThreads threads = threadsBehind(disk)) {
            shelf.recoverOn(threads, Duration.ofMillis(100));
            new LogRoom(shelf, () -> settings, threads, clock).join(SESSION).close();
        } finally {
            disk.countDown();
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    }

    /** Threads that do nothing until the disk answers. */
    private static LogThreads threadsBehind(CountDownLatch disk) {
        return new LogThreads(work -> daemon(() -> {
            try {
                disk.await();
                work.run();
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    @Test
    void logsThatHoldNextToNothingAreNoMoreThanTheDiskHasRoomFor() throws IOException {
        for (int n = 0; n < 1_030; n++) {
            KeptLog log = shelf.open(name("s-" + n));
            say(log, "hello");
            if (n != 1) {
                log.end(clock.instant());
            }
            clock.advance(Duration.ofMillis(1));
        }
        shelf.sweep();
        try (Stream<Path> folders = Files.list(directory)) {
            assertThat(folders).as("16 KiB each").hasSize(1_024);
        }
        assertThat(texts(shelf, "s-0")).isEmpty();
        assertThat(texts(shelf, "s-1")).as("its session lives").containsExactly("hello");
        assertThat(texts(shelf, "s-6")).isEmpty();
        assertThat(texts(shelf, "s-7")).containsExactly("hello");
    }

    @Test
    void aSessionThatBeganWhileTheDiskWasReadKeepsItsOwnLog() throws IOException {
        say(shelf.open(name("s-1")), "of the earlier run");
        LogShelf next = shelf();
        say(next.open(name("s-1")), "of this run");
        next.recover();
        assertThat(texts(next, "s-1")).containsExactly("of this run");
    }

    @Test
    void aFollowerReadsOnFromWhereItIsUntilTheEnd() throws IOException {
        KeptLog log = shelf.open(name("s-1"));
        say(log, "a", "b", "c");
        SessionLog.Follower follower = log.after(0);
        assertThat(follower.next()).extracting(LogLine::text).containsExactly("b", "c");
        assertThat(follower.next()).isEmpty();
        assertThat(follower.atEnd()).isFalse();
        say(log, "d");
        assertThat(follower.next()).extracting(LogLine::number).containsExactly(3L);
        log.end(clock.instant());
        assertThat(follower.next()).isEmpty();
        assertThat(follower.atEnd()).isTrue();
    }

    @Test
    void aFollowerIsToldOfALineOfTheEndAndOfWhatCameMeanwhile() throws IOException {
        KeptLog log = shelf.open(name("s-1"));
        AtomicInteger told = new AtomicInteger();
        SessionLog.Follower follower = log.after(-1);
        assertThat(follower.next()).isEmpty();
        follower.onNews(told::incrementAndGet);
        assertThat(told).hasValue(0);
        say(log, "a");
        assertThat(told).hasValue(1);
        follower.onNews(told::incrementAndGet);
        assertThat(told).as("it has not looked since").hasValue(2);
        follower.next();
        follower.next();
        follower.onNews(told::incrementAndGet);
        log.end(clock.instant());
        assertThat(told).hasValue(3);
        follower.next();
        assertThat(follower.atEnd()).isTrue();
    }

    @Test
    void aFollowerThatWaitsAnewWaitsOnce() throws IOException {
        KeptLog log = shelf.open(name("s-1"));
        AtomicInteger before = new AtomicInteger();
        AtomicInteger told = new AtomicInteger();
        SessionLog.Follower follower = log.after(-1);
        follower.next();
        follower.onNews(before::incrementAndGet);
        follower.onNews(told::incrementAndGet);
        say(log, "a");
        assertThat(before).as("replaced, as signs of life replace it for as long as nothing is said").hasValue(0);
        assertThat(told).hasValue(1);
    }

    @Test
    void aFollowerThatIsClosedIsToldNothing() throws IOException {
        KeptLog log = shelf.open(name("s-1"));
        AtomicInteger told = new AtomicInteger();
        try (SessionLog.Follower follower = log.after(-1)) {
            follower.next();
            follower.onNews(told::incrementAndGet);
        }
        say(log, "a");
        assertThat(told).hasValue(0);
    }

    @Test
    void aFollowerOfALogWhoseLinesWereDroppedDoesNotTurnInCircles() throws IOException {
        KeptLog log = shelf.open(name("s-1"));
        say(log, "a", "b");
        while (log.file().dropOldest()) {
            continue;
        }
        AtomicInteger told = new AtomicInteger();
        SessionLog.Follower follower = log.after(-1);
        assertThat(follower.next()).isEmpty();
        follower.onNews(told::incrementAndGet);
        assertThat(told).hasValue(0);
    }

    @Test
    void aSlowFollowerMissesWhatWasDroppedAndGoesOn() throws IOException {
        KeptLog log = shelf.open(name("s-1"));
        say(log, "first");
        SessionLog.Follower follower = log.after(-1);
        follower.next();
        fill(log, 20);
        List<Long> numbers = new ArrayList<>();
        for (List<LogLine> lines = follower.next(); !lines.isEmpty(); lines = follower.next()) {
            lines.forEach(line -> numbers.add(line.number()));
        }
        assertThat(numbers).isSorted().doesNotHaveDuplicates().endsWith(log.file().nextNumber() - 1);
        assertThat(numbers.get(0)).isGreaterThan(1);
    }

    @Test
    void aLogThatCannotBeDeletedHoldsUpNoOther() throws IOException {
        for (String session : List.of("s-1", "s-2")) {
            KeptLog log = shelf.open(name(session));
            say(log, "hello");
            Files.createDirectories(log.folder().resolve("stuck/in"));
            if (session.equals("s-2")) {
                Files.delete(log.folder().resolve("stuck/in"));
                Files.delete(log.folder().resolve("stuck"));
            }
            log.end(clock.instant());
        }
        clock.advance(Duration.ofHours(1));
        shelf.sweep();
        assertThat(shelf.bytes()).isZero();
        assertThat(texts(shelf, "s-1")).isEmpty();
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).hasSize(1);
        }
    }

    @Test
    void aFolderThatCannotBeReadKeepsNoOtherFromBeingFound() throws IOException {
        for (int n = 0; n < 8; n++) {
            say(shelf.open(name("s-" + n)), "hello");
        }
        for (int n = 0; n < 4; n++) {
            Files.createDirectories(directory.resolve("01234567-89ab-cdef-0123-456789abcd0" + n + "/session.properties/x"));
            Files.createDirectories(directory.resolve("01234567-89ab-cdef-0123-456789abcd1" + n + "/0.log/x"));
        }
        LogShelf next = shelf();
        next.recover();
        assertThat(IntStream.range(0, 8)).allSatisfy(n -> assertThat(texts(next, "s-" + n)).containsExactly("hello"));
        assertThat(directory.resolve("01234567-89ab-cdef-0123-456789abcd00/session.properties/x")).exists();
        assertThat(directory.resolve("01234567-89ab-cdef-0123-456789abcd10/0.log/x")).exists();
    }

    @Test
    void lastWordsThatComeAfterALogWasDeletedLeaveNothing() throws IOException {
        KeptLog spoken = shelf.open(name("s-1"));
        say(spoken, "hello");
        KeptLog silent = shelf.open(name("s-2"));
        spoken.end(clock.instant());
        silent.end(clock.instant());
        clock.advance(Duration.ofHours(1));
        shelf.sweep();
        say(spoken, "late");
        say(silent, "late");
        assertThat(directory).isEmptyDirectory();
        assertThat(shelf.bytes()).isZero();
    }

    @Test
    void aLineThatNoLineOfThisLogHasBeenIsOfAnEarlierOne() throws IOException {
        KeptLog log = shelf.open(name("s-1"));
        say(log, "a", "b");
        assertThat(log.after(1).next()).isEmpty();
        assertThat(log.after(5000).next()).extracting(LogLine::text).containsExactly("a", "b");
        assertThat(log.latest(1).next()).extracting(LogLine::text).containsExactly("b");
        assertThat(log.latest(0).next()).isEmpty();
        assertThat(log.latest(7).next()).hasSize(2);
    }
}
