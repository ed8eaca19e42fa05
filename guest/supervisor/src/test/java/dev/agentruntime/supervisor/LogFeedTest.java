package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.channel.MuxStream;
import dev.agentruntime.channel.Targets;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LogFeedTest {

    @TempDir
    Path folder;

    private final LogRing log = new LogRing(1000);
    private final CountDownLatch served = new CountDownLatch(1);
    private LinkPair links;

    @BeforeEach
    void start() throws IOException {
        LogFeed feed = new LogFeed(log);
        links = new LinkPair(folder, (stream, target) -> {
            try {
                feed.serve(stream);
            } finally {
                served.countDown();
            }
        });
    }

    @AfterEach
    void stop() {
        links.close();
    }

    private MuxStream ask(String from) throws IOException {
        MuxStream stream = links.host().open(Targets.LOGS);
        stream.output().write((from + "\n").getBytes(StandardCharsets.US_ASCII));
        return stream;
    }

    private static BufferedReader reader(MuxStream stream) {
        return new BufferedReader(new InputStreamReader(stream.input(Duration.ofSeconds(20)), StandardCharsets.UTF_8));
    }

    private static String text(String line) {
        return line.split(" ", 4)[3];
    }

    @Test
    void linesArriveAsTheyAreWritten() throws IOException {
        log.add("before");
        BufferedReader in = reader(ask("0"));
        assertThat(in.readLine()).isEqualTo("from 0");
        assertThat(text(in.readLine())).isEqualTo("before");
        log.add("a letter: 書");
        assertThat(in.readLine()).startsWith("1 ").endsWith(" - a letter: 書");
    }

    @Test
    void theHostGoesOnWhereItWas() throws IOException {
        for (int n = 0; n < 5; n++) {
            log.add("line " + n);
        }
        BufferedReader in = reader(ask("3"));
        assertThat(in.readLine()).isEqualTo("from 3");
        assertThat(text(in.readLine())).isEqualTo("line 3");
    }

    @Test
    void whatCameBeforeTheSessionIsNotSent() throws IOException {
        log.add("of the template");
        log.clear();
        BufferedReader in = reader(ask(""));
        assertThat(in.readLine()).isEqualTo("from 1");
        log.add("of the session");
        assertThat(text(in.readLine())).isEqualTo("of the session");
    }

    @Test
    void afterTheLastLineTheStreamEnds() throws IOException {
        log.add("famous last words");
        log.end();
        assertThat(reader(ask("0")).lines().skip(1).map(LogFeedTest::text)).containsExactly("famous last words");
    }

    @Test
    void whoeverWritesIsNotHeldUpByAHostThatDoesNotRead() throws IOException {
        MuxStream stream = ask("0");
        CompletableFuture<Void> flood = CompletableFuture.runAsync(() -> {
            for (int n = 0; n < 100_000; n++) {
                log.add("line " + n + " " + "x".repeat(100));
            }
            log.end();
        });
        assertThat(flood).succeedsWithin(Duration.ofSeconds(30));
        String last = reader(stream).lines().reduce((before, line) -> line).orElseThrow();
        assertThat(last).startsWith("99999 ");
    }

    @Test
    void whatIsNoNumberIsRefused() throws IOException {
        for (String wrong : new String[] {"-1", "x", "9".repeat(19)}) {
            MuxStream stream = ask(wrong);
            assertThatThrownBy(() -> stream.input(Duration.ofSeconds(20)).read()).isInstanceOf(IOException.class)
                    .isNotInstanceOf(java.net.SocketTimeoutException.class);
        }
    }

    @Test
    void aHostThatLeavesAGuestThatSaysNothingKeepsNoThread() throws Exception {
        MuxStream stream = ask("0");
        assertThat(stream.input(Duration.ofSeconds(20)).read()).isEqualTo('f');
        stream.close();
        assertThat(served.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aHostThatEndsItsSideGetsWhatWasSaidAndThenTheEnd() throws Exception {
        MuxStream stream = ask("0");
        BufferedReader in = reader(stream);
        assertThat(in.readLine()).isEqualTo("from 0");
        for (int n = 0; n < 500; n++) {
            log.add("line " + n);
        }
        stream.shutdownOutput();
        assertThat(in.lines().map(LogFeedTest::text)).hasSize(500).last().isEqualTo("line 499");
        assertThat(served.await(20, TimeUnit.SECONDS)).isTrue();
    }

    /** Hosts come at any moment: while lines are added, after lines were forgotten, with a hurry to go. */
    @RepeatedTest(20)
    void noLineIsLostHoweverReadersAndLinesMeet() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long next = 0;
        long added = 0;
        for (int host = 0; host < 20; host++) {
            if (random.nextInt(4) == 0) {
                log.clear();
                next = added;
            }
            int lines = random.nextInt(20);
            long first = added;
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                for (long n = first; n < first + lines; n++) {
                    log.add("line " + n);
                }
            });
            added += lines;
            MuxStream stream = ask(Long.toString(next));
            BufferedReader in = reader(stream);
            assertThat(in.readLine()).as("seed %d", seed).isEqualTo("from " + next);
            long stopsAt = random.nextBoolean() ? added : Math.max(next, added - random.nextInt(5));
            for (; next < stopsAt; next++) {
                assertThat(in.readLine()).as("seed %d, host %d", seed, host).startsWith(next + " ").endsWith(" line " + next);
            }
            if (random.nextBoolean()) {
                writing.join();
                stream.shutdownOutput();
                for (; next < added; next++) {
                    assertThat(in.readLine()).as("seed %d, host %d", seed, host).endsWith(" line " + next);
                }
                assertThat(in.readLine()).as("seed %d, host %d", seed, host).isNull();
            }
            stream.close();
            writing.join();
        }
    }

    @Test
    void aHostThatLeavesFreesItsStream() throws IOException {
        ask("0").close();
        for (int n = 0; n < 3; n++) {
            log.add("said to nobody");
        }
        BufferedReader in = reader(ask("0"));
        await().untilAsserted(() -> assertThat(in.readLine()).isEqualTo("from 0"));
    }
}
