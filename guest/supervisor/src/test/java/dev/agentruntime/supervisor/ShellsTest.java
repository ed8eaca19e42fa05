package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.agentruntime.channel.Targets;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ShellsTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int STATUS = 3;

    @TempDir
    Path folder;

    private LinkPair links;

    @BeforeEach
    void start() throws IOException {
        // The threads are the pair's, which is there only when somebody connects.
        CompletableFuture<Shells> shells = new CompletableFuture<>();
        links = new LinkPair(folder, (stream, target) -> shells.join().serve(stream));
        shells.complete(new Shells(links.threads, () -> Map.of("OF_SESSION", "its value", "PS1", "> ", "ENV", "")));
    }

    @AfterEach
    void stop() {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        sleeping("30[0-9]").forEach(ProcessHandle::destroyForcibly);
        links.close();
    }

    /** What a shell has left behind has another parent. */
    private static List<ProcessHandle> sleeping(String seconds) {
        return ProcessHandle.allProcesses().filter(one -> one.info().commandLine().orElse("").matches(".*sleep " + seconds)).toList();
    }

    private ShellClient connect(String shell) throws IOException {
        return new ShellClient(links.host().open(Targets.SHELL), shell);
    }

    private static long pid(ShellClient client) throws IOException {
        client.type("echo pid=$$=\n");
        Pattern number = Pattern.compile("pid=(\\d+)=");
        StringBuilder shown = new StringBuilder();
        while (true) {
            shown.append(client.await("="));
            Matcher found = number.matcher(shown);
            if (found.find()) {
                return Long.parseLong(found.group(1));
            }
        }
    }

    @Test
    void aShellHasATerminalOfItsOwnAndTheSessionsVariables() throws IOException {
        try (ShellClient client = connect("one")) {
            assertThat(client.head).startsWith("HTTP/1.1 101 ").contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            assertThat(client.hear(STATUS)).isEqualTo(
                    "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{\"shellId\":\"one\",\"reconnected\":false},\"status\":\"Success\"}");
            client.type("tty; echo $OF_SESSION $TERM; echo do''ne\n");
            assertThat(client.await("done")).contains("/dev/pts/").contains("its value xterm-256color");
        }
    }

    @Test
    void itsSizeCanBeChanged() throws IOException {
        try (ShellClient client = connect("one")) {
            client.type("stty size; echo fir''st\n");
            assertThat(client.await("first")).contains("24 80");
            client.send(4, "{\"width\":132,\"height\":50}");
            client.type("stty size; echo sec''ond\n");
            assertThat(client.await("second")).contains("50 132");
            client.send(4, "{\"width\":0,\"height\":99999}");
            client.send(4, "nonsense");
            client.type("stty size; echo thi''rd\n");
            assertThat(client.await("third")).contains("50 132");
        }
    }

    /** Whoever was started in the background of a script ignores it for good, and so does all that it starts. */
    private static boolean interruptIsIgnored() throws IOException {
        String ignored = Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("SigIgn:")).findFirst().orElseThrow();
        return (Long.parseUnsignedLong(ignored.substring("SigIgn:".length()).strip(), 16) & 1 << 2 - 1) != 0; // SIGINT is 2
    }

    @Test
    void aKeyInterruptsWhatRuns() throws IOException {
        assumeFalse(interruptIsIgnored(), "whoever runs the tests has them ignore SIGINT");
        try (ShellClient client = connect("one")) {
            client.type("echo rea''dy; sleep 304; echo after-$?\n");
            client.await("ready");
            await().atMost(SOON).until(() -> sleeping("304").size() == 1);
            client.type("\u0003");
            client.await("> ");
            client.type("echo st''ill\n");
            client.await("still");
        }
    }

    @Test
    void theExitCodeIsToldAndTheWebSocketClosed() throws IOException {
        try (ShellClient client = connect("one")) {
            client.hear(STATUS);
            client.type("exit 5\n");
            assertThat(client.hear(STATUS)).isEqualTo("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\",\"reason\":"
                    + "\"NonZeroExitCode\",\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"5\"}]}}");
            assertThat(client.hear()).isEqualTo(new ShellClient.Heard(-1, "1000"));
        }
        try (ShellClient client = connect("one")) {
            assertThat(client.hear(STATUS)).contains("\"reconnected\":false");
            client.type("exit\n");
            assertThat(client.hear(STATUS)).endsWith("\"metadata\":{},\"status\":\"Success\"}");
        }
    }

    @Test
    void theExitCodeIsToldAtOnceWhereSomethingRunsOnInTheTerminal() throws IOException {
        try (ShellClient client = connect("one")) {
            client.hear(STATUS);
            client.type("trap '' HUP; sleep 302 & exit 6\n");
            assertThat(client.hear(STATUS)).contains("\"message\":\"6\"");
            await().atMost(SOON).until(() -> sleeping("302").size() == 1);
        }
        try (ShellClient client = connect("one")) {
            assertThat(client.hear(STATUS)).contains("\"reconnected\":false");
        }
    }

    @Test
    void theEndOfAShellIsToldToWhatRunsInItsBackground() throws IOException {
        try (ShellClient client = connect("one")) {
            client.hear(STATUS);
            client.type("set -m; sleep 303 & echo star''ted\n");
            client.await("started");
            await().atMost(SOON).until(() -> sleeping("303").size() == 1);
            client.type("exit\n");
            assertThat(client.hear(STATUS)).contains("Success");
            await().atMost(SOON).until(() -> sleeping("303").isEmpty());
        }
    }

    @Test
    void whoeverWasTakenOverFromTypesNothingMore() throws IOException {
        try (ShellClient first = connect("one"); ShellClient second = connect("one")) {
            assertThat(second.hear(STATUS)).contains("\"reconnected\":true");
            first.type("echo intru''ded\n");
            first.send(255, "");
            first.frame(0x88, new byte[] {0x0f, (byte) 0xa0});
            assertThatThrownBy(() -> first.hear(99)).hasMessageContaining("closed with 4000");
            assertThatThrownBy(first::hear).isInstanceOf(EOFException.class);
            second.type("echo mi''ne\n");
            assertThat(second.await("mine")).doesNotContain("intruded");
        }
    }

    @Test
    void nothingIsLostWhileAShellIsTakenOver() throws IOException {
        try (ShellClient slow = connect("one")) {
            slow.hear(STATUS);
            slow.type("i=0; while [ $i -lt 90000 ]; do echo n$i; i=$((i+1)); done; echo the e''nd\n");
            slow.await("n5");
            try (ShellClient second = connect("one")) {
                second.hear(STATUS);
                List<Integer> numbers = new ArrayList<>();
                Matcher shown = Pattern.compile("n(\\d+)\r\n").matcher(second.await("the end"));
                while (shown.find()) {
                    numbers.add(Integer.parseInt(shown.group(1)));
                }
                assertThat(numbers).hasSizeGreaterThan(1_000).last().isEqualTo(89_999);
                for (int i = 1; i < numbers.size(); i++) {
                    assertThat(numbers.get(i)).isEqualTo(numbers.get(i - 1) + 1);
                }
            }
        }
    }

    @Test
    void aShellGoesOnWithoutAnybodyAndTheNextOneSeesWhatItSaid() throws IOException {
        long pid;
        try (ShellClient client = connect("one")) {
            client.hear(STATUS);
            pid = pid(client);
            client.type("cd /tmp; V=kept; (sleep 1; echo from the ba''ckground) &\n");
            client.type("echo le''aving\n");
            client.await("leaving");
            client.frame(0x88, new byte[] {3, (byte) 0xe8});
            assertThat(client.hear().channel()).isIn(-1, 1);
        }
        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
        try (ShellClient client = connect("one")) {
            assertThat(client.hear(STATUS)).contains("\"shellId\":\"one\",\"reconnected\":true").doesNotContain("bytesDropped");
            client.await("from the background");
            client.type("echo $V; pwd; echo do''ne\n");
            assertThat(client.await("done")).contains("kept").contains("/tmp");
            assertThat(pid(client)).isEqualTo(pid);
        }
    }

    @Test
    void ofMuchThatWasMissedTheLatestIsKept() throws IOException {
        try (ShellClient client = connect("one")) {
            client.hear(STATUS);
            client.type("sleep 1; head -c 600000 /dev/zero | tr '\\0' x; echo; echo the la''st\n");
            client.await("head -c");
        }
        await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
        try (ShellClient client = connect("one")) {
            Matcher dropped = Pattern.compile("\"bytesDropped\":(\\d+)").matcher(client.hear(STATUS));
            assertThat(dropped.find()).isTrue();
            String missed = client.await("the last");
            assertThat(missed.length()).isBetween(200_000, Replay.MOST);
            assertThat(Long.parseLong(dropped.group(1)) + missed.length()).isGreaterThan(500_000);
        }
    }

    @Test
    void aShellThatEndedMeanwhileTellsSo() throws IOException {
        try (ShellClient client = connect("one")) {
            client.hear(STATUS);
            client.type("sleep 1; exit 9\n");
            client.await("exit 9");
        }
        await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
        try (ShellClient client = connect("one")) {
            assertThat(client.hear(STATUS)).contains("\"reconnected\":true");
            assertThat(client.hear(STATUS)).contains("\"message\":\"9\"");
        }
    }

    @Test
    void whoConnectsWithAShellTakesItOver() throws IOException {
        try (ShellClient first = connect("one")) {
            first.hear(STATUS);
            try (ShellClient second = connect("one")) {
                assertThat(second.hear(STATUS)).contains("\"reconnected\":true");
                assertThatThrownBy(() -> first.hear(99)).hasMessageContaining("closed with 4000");
                second.type("echo mi''ne\n");
                second.await("mine");
            }
        }
    }

    @Test
    void whoDoesNotReadHoldsItsShellBackUntilSomebodyElseTakesIt() throws IOException {
        try (ShellClient slow = connect("one")) {
            slow.hear(STATUS);
            slow.type("yes | head -c 3000000; echo fin''ished\n");
            try (ShellClient other = connect("two")) {
                other.hear(STATUS);
                other.type("echo qui''ck\n");
                other.await("quick");
            }
            try (ShellClient second = connect("one")) {
                second.hear(STATUS);
                second.await("finished");
            }
        }
    }

    @Test
    void aShellCanBeClosedForGoodWithAllThatRunsInIt() throws IOException {
        try (ShellClient client = connect("one")) {
            client.hear(STATUS);
            long pid = pid(client);
            client.type("trap '' HUP; sleep 301 & echo star''ted\n");
            client.await("started");
            client.send(255, "");
            assertThat(client.hear(255)).isEmpty();
            assertThat(client.hear()).isEqualTo(new ShellClient.Heard(-1, "1000"));
            await().atMost(SOON).until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
            await().atMost(SOON).until(() -> ProcessHandle.allProcesses().noneMatch(one -> one.info().commandLine().orElse("").endsWith("sleep 301")));
        }
    }

    @Test
    void aHeartbeatIsEchoedAndTextIsNotTaken() throws IOException {
        try (ShellClient client = connect("one")) {
            client.hear(STATUS);
            client.send(5, "");
            assertThat(client.hear(5)).isEmpty();
            client.frame(0x89, new byte[] {1});
            for (int i = 0; i < 5; i++) {
                client.frame(0x81, "ls\n".getBytes());
            }
            assertThatThrownBy(() -> client.hear(99)).hasMessageContaining("closed with 1003");
        }
    }

    @Test
    void thereAreSoManyAndOneThatHasEndedMakesRoom() throws IOException {
        List<ShellClient> open = new ArrayList<>();
        for (int i = 0; i < Shells.MOST; i++) {
            open.add(connect("shell-" + i));
            open.get(i).hear(STATUS);
        }
        try (ShellClient more = connect("more")) {
            assertThat(more.head).startsWith("HTTP/1.1 429 ");
        }
        open.get(3).type("exit\n");
        open.get(3).hear(STATUS);
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> {
            try (ShellClient more = connect("more")) {
                assertThat(more.head).startsWith("HTTP/1.1 101 ");
            }
        });
        open.forEach(ShellClient::close);
    }

    @Test
    void aMessageThatIsTooLongEndsTheConnectionAndNotTheShell() throws IOException {
        try (ShellClient client = connect("one")) {
            client.hear(STATUS);
            client.frame(0x02, new byte[40_000]);
            client.frame(0x80, new byte[40_000]);
            assertThatThrownBy(() -> client.hear(99)).hasMessageContaining("closed with 1009");
        }
        try (ShellClient client = connect("one")) {
            assertThat(client.hear(STATUS)).contains("\"reconnected\":true");
        }
    }
}
