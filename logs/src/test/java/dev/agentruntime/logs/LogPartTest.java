package dev.agentruntime.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.EndCode;
import dev.agentruntime.api.LogLine;
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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session's log from its guest to the disk. */
@Timeout(60)
class LogPartTest {

    private static final Subject ALICE = new Subject("https://issuer", "alice");
    private static final SessionFacts SESSION =
            new SessionFacts("s-1", "hello", "0123456789ab", ALICE, new Tenant("https://issuer", Tenant.Kind.NAMED, "acme"), Instant.EPOCH);

    /** No test waits that long; what takes less has not been held up. */
    private static final Duration LONG = Duration.ofSeconds(40);
    private static final Duration SHORT = Duration.ofMillis(500);

    @TempDir
    Path directory;

    private final FakeGuestLog guest = new FakeGuestLog();
    private final LogThreads threads = new LogThreads();
    private final List<String> hostLog = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            hostLog.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private volatile HostLogLevel level = HostLogLevel.OFF;
    private LogShelf shelf;
    private SessionPart part;

    @BeforeEach
    void begin() {
        Logger.getLogger("dev.agentruntime").addHandler(handler);
        begin(LONG);
    }

    private void begin(Duration lastWords) {
        shelf = new LogShelf(directory, this::settings, Clock.systemUTC());
        part = new LogPart(shelf.open(LogName.of(SESSION)), this::settings, threads, Clock.systemUTC(), lastWords);
        int before = guest.opened();
        part.begun(guest);
        await().until(() -> guest.opened() > before);
    }

    private void beginElsewhere(Duration lastWords) {
        directory = directory.resolve("elsewhere");
        begin(lastWords);
    }

    private LogsSettings settings() {
        return new LogsSettings(Duration.ofHours(1), 1 << 20, 16 << 20, level, directory);
    }

    @AfterEach
    void end() {
        Logger.getLogger("dev.agentruntime").removeHandler(handler);
        threads.close();
    }

    private SessionLog log() {
        return shelf.of(TestSessions.view("hello", "s-1", ALICE)).orElseThrow();
    }

    private List<String> texts() {
        return TestLogs.latest(log(), 10_000).stream().map(LogLine::text).toList();
    }

    private static String line(long number, char level, String text) {
        return number + " " + System.currentTimeMillis() + " " + level + " " + text + "\n";
    }

    @Test
    void whatTheGuestSaysIsThereSoon() {
        assertThat(guest.targets).containsExactly(LogReader.LOGS);
        guest.latest().say("from 5\n" + line(5, 'O', "hello"));
        await().pollInterval(Duration.ofMillis(5)).untilAsserted(() -> assertThat(texts()).containsExactly("hello"));
        guest.latest().say(line(6, 'E', "oh"));
        await().untilAsserted(() -> assertThat(TestLogs.latest(log(), 1).get(0)).satisfies(line -> {
            assertThat(line.number()).isEqualTo(1);
            assertThat(line.source()).isEqualTo(Source.MESSAGES);
            assertThat(line.time()).isBetween(Instant.now().minusSeconds(30), Instant.now());
        }));
    }

    @Test
    void linesThatTheGuestHasDroppedAreCounted() {
        guest.latest().say("from 0\n" + line(0, 'O', "a") + line(1000, 'O', "b"));
        await().untilAsserted(() -> assertThat(texts()).hasSize(3));
        assertThat(texts().get(1)).startsWith("999 lines are left out here");
    }

    @Test
    void theLogOfASessionThatWasOnTheDiskGoesOnWhereItWasAndNothingIsSaidOfIt() {
        guest.latest().say("from 0\n" + line(0, 'O', "before"));
        await().untilAsserted(() -> assertThat(texts()).containsExactly("before"));
        guest.paused = true;
        guest.latest().reset();
        await().during(Duration.ofMillis(1500)).atMost(LONG).until(() -> guest.opened() == 1);
        guest.paused = false;
        part.moved();
        await().until(() -> guest.opened() == 2);
        await().untilAsserted(() -> assertThat(guest.latest().asked()).isEqualTo("1\n"));
        guest.latest().say("from 1\n" + line(1, 'O', "after"));
        await().untilAsserted(() -> assertThat(texts()).containsExactly("before", "after"));
    }

    @Test
    void aStreamThatBreaksIsGoneOnWithAndNoLineIsTwiceOrMissing() {
        guest.latest().say("from 0\n" + line(0, 'O', "a") + "1 17 O hal");
        await().untilAsserted(() -> assertThat(texts()).containsExactly("a"));
        guest.latest().reset();
        await().until(() -> guest.opened() == 2);
        await().until(() -> guest.latest().asked().equals("1\n"));
        guest.latest().say("from 1\n" + line(1, 'O', "b"));
        await().untilAsserted(() -> assertThat(texts()).containsExactly("a", "b"));
    }

    @Test
    void aSessionThatTheNextRunOfTheServerGoesOnWithHasEachLineOnce() {
        String first = line(0, 'O', "a") + line(1, 'O', "b");
        guest.latest().say("from 0\n" + first);
        await().untilAsserted(() -> assertThat(texts()).containsExactly("a", "b"));
        part.leaving();
        part.close();
        shelf = new LogShelf(directory, this::settings, Clock.systemUTC());
        shelf.recover();
        FakeGuestLog again = new FakeGuestLog();
        part = new LogRoom(shelf, this::settings, threads, Clock.systemUTC()).join(SESSION);
        part.resumed(again);
        await().until(() -> again.opened() == 1);
        again.latest().say("from 0\n" + first + line(2, 'O', "said meanwhile"));
        await().untilAsserted(() -> assertThat(texts()).containsExactly("a", "b", "said meanwhile"));
        again.latest().say(line(3, 'O', "said now"));
        await().untilAsserted(() -> assertThat(texts()).containsExactly("a", "b", "said meanwhile", "said now"));
    }

    @Test
    void aLineHasNoControlCharactersAndForgesNoOther() {
        guest.latest().say("from 0\n" + line(0, 'O', "a\r\u001b[2J\u0000b\u2028AGRT0001E: forged"));
        await().untilAsserted(() -> assertThat(texts()).containsExactly("a  b AGRT0001E: forged"));
    }

    @Test
    void aGuestThatSendsNoLogIsReadNoMoreAndTheLogSaysSo() {
        guest.latest().say("from 0\n" + line(0, 'O', "a") + "GET / HTTP/1.1\n");
        await().untilAsserted(() -> assertThat(texts()).hasSize(2).last().asString().contains("cannot be read from the guest any more"));
        assertThat(guest.latest().isClosed()).isTrue();
        assertThat(hostLog).anyMatch(line -> line.startsWith("AGRT5004W: The log of session hello/s-1"));
    }

    @Test
    void numbersThatGoBackAndLinesWithoutEndAreNotTaken() {
        guest.latest().say("from 7\n" + line(6, 'O', "a"));
        await().until(() -> guest.latest().isClosed());
        FakeGuestLog other = new FakeGuestLog();
        part.begun(other);
        await().until(() -> other.opened() == 1);
        other.latest().say("from 0\n" + "x".repeat(40_000));
        await().until(() -> other.latest().isClosed());
    }

    @Test
    void aGuestThatPrintsWithoutEndIsReadAtItsPaceAndBoundedOnTheDisk() {
        guest.latest().say("from 0\n");
        AtomicLong number = new AtomicLong();
        StringBuilder flood = new StringBuilder();
        while (flood.length() < 12 << 20) {
            flood.append(line(number.getAndIncrement(), 'O', "x".repeat(1000)));
        }
        guest.latest().say(flood.toString());
        await().atMost(Duration.ofSeconds(20)).until(() -> guest.latest().unread() < 10 << 20);
        assertThat(guest.latest().unread()).as("what is too much waits in the guest").isGreaterThan(8 << 20);
        assertThat(shelf.bytes()).isLessThanOrEqualTo(1 << 20);
    }

    @Test
    void aLogThatComesByteByByteIsReadAtAPaceToo() {
        guest.latest().say("from 0\n");
        await().until(() -> guest.latest().unread() == 0);
        guest.latest().dribble(line(0, 'O', "x".repeat(20_000)));
        await().until(() -> guest.latest().reads() > 2000);
        long before = guest.latest().reads();
        long begun = System.nanoTime();
        await().until(() -> System.nanoTime() - begun > Duration.ofSeconds(1).toNanos());
        double seconds = (System.nanoTime() - begun) / 1e9;
        assertThat((guest.latest().reads() - before) / seconds).as("reads a second").isLessThan(2500);
    }

    @Test
    void whatADyingGuestSaidLastIsKept() {
        guest.latest().say("from 0\n" + line(0, 'O', "hello"));
        await().untilAsserted(() -> assertThat(texts()).containsExactly("hello"));
        guest.latest().say(line(1, 'R', "java.lang.OutOfMemoryError"));
        guest.latest().end();
        guest.console.addAll(List.of("[11/26/26, 10:00:00:123 UTC] 0000002a id=00000000 SystemErr R java.lang.OutOfMemoryError", "Kernel panic"));
        part.ending(EndCode.VM_DIED, "The VM ended by itself: out of memory.");
        part.close();
        assertThat(texts()).containsExactly("hello", "java.lang.OutOfMemoryError", "Kernel panic",
                "The session has ended: The VM ended by itself: out of memory.");
        assertThat(log().after(-1)).satisfies(follower -> {
            follower.next();
            follower.next();
            assertThat(follower.atEnd()).isTrue();
        });
    }

    @Test
    void theConsoleOfAGuestThatWasKilledIsKept() {
        guest.latest().say("from 0\n" + line(0, 'O', "hello"));
        await().untilAsserted(() -> assertThat(texts()).containsExactly("hello"));
        guest.console.add("[  3.0] Kernel panic - not syncing");
        guest.die();
        long begun = System.nanoTime();
        part.ending(EndCode.VM_DIED, "QEMU was killed.");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONG);
        assertThat(texts()).containsExactly("hello", "[  3.0] Kernel panic - not syncing", "The session has ended: QEMU was killed.");
    }

    @Test
    void aGuestThatKeepsSilentHoldsUpTheEndUntilItsTimeIsOver() {
        guest.latest().say("from 0\n");
        long begun = System.nanoTime();
        part.ending(EndCode.STOPPED, "Stopped by alice.");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONG);
        beginElsewhere(SHORT);
        for (EndCode code : List.of(EndCode.VM_DIED, EndCode.STOPPED)) {
            FakeGuestLog other = new FakeGuestLog();
            other.slow = true;
            part.begun(other);
            begun = System.nanoTime();
            part.ending(code, "It is over.");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(SHORT.minusMillis(100), LONG);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "from 0\n"})
    void aGuestThatIsStoppedIsHeardOutAlsoBeforeItHasTakenTheStream(String greeting) {
        guest.slow = true;
        guest.latest().say(greeting);
        await().until(() -> guest.latest().unread() == 0);
        CompletableFuture<Void> ending = CompletableFuture.runAsync(() -> part.ending(EndCode.STOPPED, "Stopped by alice."));
        assertThat(ending).as("what the agent said last is on its way").failsWithin(Duration.ofMillis(100));
        guest.latest().say((greeting.isEmpty() ? "from 0\n" : "") + line(0, 'O', "all that was said"));
        guest.latest().end();
        assertThat(ending).succeedsWithin(LONG);
        assertThat(texts()).containsExactly("all that was said", "The session has ended: Stopped by alice.");
    }

    @Test
    void aGuestThatIsPausedHoldsUpNoEnd() {
        guest.latest().say("from 0\n" + line(0, 'O', "hello"));
        await().untilAsserted(() -> assertThat(texts()).containsExactly("hello"));
        guest.paused = true;
        guest.latest().say(line(1, 'O', "said before the pause"));
        long begun = System.nanoTime();
        part.ending(EndCode.IDLE_TIMEOUT, "Idle for 15m.");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONG);
        assertThat(texts()).containsExactly("hello", "said before the pause", "The session has ended: Idle for 15m.");
    }

    @Test
    void aGuestIsNotPausedBeforeItHasTakenTheStreamOfItsLogUnlessItNeverDoes() {
        assertThat(part.waits()).isTrue();
        guest.latest().say("from 0\n");
        await().until(() -> !part.waits());
        ManualClock clock = new ManualClock();
        LogReader reader = new LogReader(new FakeGuestLog(), lines -> { }, why -> { }, threads, clock);
        assertThat(reader.isExpected()).isTrue();
        clock.advance(Duration.ofSeconds(10));
        assertThat(reader.isExpected()).isFalse();
    }

    @Test
    void aDiskThatHangsHoldsUpTheEndUntilItsTimeIsOver() throws IOException {
        beginElsewhere(SHORT);
        guest.latest().say("from 0\n" + line(0, 'O', "hello"));
        await().untilAsserted(() -> assertThat(texts()).containsExactly("hello"));
        Path file = onlyFolder().resolve("0.log");
        Files.delete(file);
        assertThat(run("mkfifo", file.toString())).isZero();
        guest.latest().say(line(1, 'O', "never written"));
        long begun = System.nanoTime();
        part.ending(EndCode.STOPPED, "Stopped by alice.");
        part.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONG);
    }

    private Path onlyFolder() throws IOException {
        try (Stream<Path> folders = Files.list(directory)) {
            return folders.findFirst().orElseThrow();
        }
    }

    private static int run(String... command) throws IOException {
        return new ProcessBuilder(command).start().onExit().join().exitValue();
    }

    @Test
    void aSessionThatEndsAfterTheLogsWereStoppedHasItsLastWordsAtOnce() {
        guest.latest().say("from 0\n" + line(0, 'O', "hello"));
        await().untilAsserted(() -> assertThat(texts()).containsExactly("hello"));
        threads.close();
        guest.latest().say(line(1, 'O', "goodbye"));
        long begun = System.nanoTime();
        part.ending(EndCode.STOPPED, "The server stops.");
        part.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONG);
        assertThat(texts()).containsExactly("hello", "goodbye", "The session has ended: The server stops.");
    }

    @Test
    void aSessionThatNeverBeganHasNoLog() {
        SessionPart never = new LogRoom(shelf, this::settings, threads, Clock.systemUTC())
                .join(new SessionFacts("s-2", "hello", "0123456789ab", ALICE, SESSION.tenant(), Instant.EPOCH));
        never.ending(EndCode.START_FAILED, "No room.");
        never.close();
        assertThat(TestLogs.latest(shelf.of(TestSessions.view("hello", "s-2", ALICE)).orElseThrow(), 10)).isEmpty();
    }

    @Test
    void theHostsLogHasWhatTheSettingLetsIn() {
        guest.latest().say("from 0\n" + line(0, 'O', "off"));
        await().untilAsserted(() -> assertThat(texts()).hasSize(1));
        level = HostLogLevel.WARNINGS;
        guest.latest().say(line(1, 'O', "plain") + line(2, 'R', "warned\tof tea") + line(3, 'E', "failed"));
        await().untilAsserted(() -> assertThat(texts()).hasSize(4));
        await().untilAsserted(() -> assertThat(hostLog)
                .containsExactly("AGRT5011W: hello/s-1 stderr: warned of tea", "AGRT5012E: hello/s-1 messages: failed"));
    }

    private void printMoreThanTheHostsLogTakes() {
        level = HostLogLevel.ALL;
        StringBuilder many = new StringBuilder("from 0\n");
        for (int n = 0; n < 3000; n++) {
            many.append(line(n, 'O', "line " + n));
        }
        guest.latest().say(many.toString());
        await().untilAsserted(() -> assertThat(texts()).hasSize(3000));
    }

    @Test
    void aSessionHasItsShareOfTheHostsLogAndNoMore() {
        printMoreThanTheHostsLogTakes();
        assertThat(hostLog).hasSizeBetween(500, 1500);
    }

    @Test
    void whatTheHostsLogLeftOutLastIsCountedThereWhenTheSessionEnds() {
        printMoreThanTheHostsLogTakes();
        level = HostLogLevel.ERRORS;
        part.ending(EndCode.STOPPED, "Stopped by alice.");
        assertThat(hostLog.get(hostLog.size() - 1)).startsWith("AGRT5010I");
        part.close();
        await().untilAsserted(() -> assertThat(hostLog.get(hostLog.size() - 1))
                .matches("AGRT5013W: hello/s-1 has logged more than fits here; \\d+ lines were left out\\."));
    }
}
