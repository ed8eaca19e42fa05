package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.channel.ControlMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A shell stands in for the server. */
@Timeout(60)
class LibertyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final LogRing log = new LogRing(100);

    private Liberty run(String script) throws IOException {
        return Liberty.start(List.of("/bin/sh", "-c", script), folder, log);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            exit 0 | System.exit or Runtime.halt | exit code 0
            exit 7 | System.exit or Runtime.halt | exit code 7
            exit 3 | System.exit or Runtime.halt | exit code 3
            kill -9 $$ | raise `memory` | exit code 137
            kill -ABRT $$ | crashed | exit code 134
            echo 'Terminating due to java.lang.OutOfMemoryError: Java heap space'; exit 3 | out of memory (Java heap space): raise `memory` | exit code 3
            echo 'Terminating due to java.lang.OutOfMemoryError: Metaspace'; exit 3 | out of memory (Metaspace): raise `memory` | exit code 3
            """)
    void theEndOfTheProcessHasItsTrueReason(String script, String meaning, String code) throws Exception {
        Liberty liberty = run(script);
        assertThat(liberty.ended()).succeedsWithin(PATIENCE).asString().contains("JVM has ended", meaning, code);
        assertThatThrownBy(liberty::requireAlive).isInstanceOf(GuestException.class).hasMessageContaining(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Terminating due to java.lang.OutOfMemoryError: ", "CWWKE0084I: stopping because thread "})
    void wordsThatTheAgentChoosesDoNotMakeTheReasonTooLongToBeTold(String line) throws Exception {
        String name = "\u00e9 ".repeat(1500) + "(00000033) called the method t.K:";
        Liberty liberty = run("echo pid $$; echo '" + line + name + "'; " + (line.startsWith("CWW") ? "exec sleep 60" : "exit 3"));
        assertThat(liberty.ended()).succeedsWithin(PATIENCE)
                .satisfies(reason -> ControlMessage.of(ControlMessage.OK).with("reason", reason).writeTo(OutputStream.nullOutputStream()));
        String pid = log.tail(100).stream().filter(said -> said.startsWith("pid ")).findFirst().orElseThrow();
        ProcessHandle.of(Long.parseLong(pid.substring(4))).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void theEndIsSeenAlsoWhenAChildOfTheAgentKeepsTheOutputOpen() throws Exception {
        Liberty liberty = run("sleep 30 & echo child $!; exit 5");
        try {
            assertThat(liberty.ended()).succeedsWithin(Duration.ofSeconds(10)).asString().contains("exit code 5");
        } finally {
            process(log.tail(2).get(0)).destroyForcibly();
        }
    }

    private static ProcessHandle process(String line) {
        return ProcessHandle.of(Long.parseLong(line.replaceAll("\\D", ""))).orElseThrow();
    }

    @Test
    void anAgentThatCallsExitIsToldBeforeOpenLibertyHasStopped() throws Exception {
        Liberty liberty = run("echo pid $$; echo '[5/6/31, 7:08:39:427 GMT] 00000014 id= FrameworkManager A CWWKE0084I: The server agent is stopping because"
                + " thread Default Executor-thread-11 (00000033) called the method java.lang.System.exit:'; exec sleep 60");
        assertThat(liberty.ended()).succeedsWithin(Duration.ofSeconds(15)).asString()
                .contains("thread 'Default Executor-thread-11' of the agent has called java.lang.System.exit");
        process(log.tail(2).get(0)).destroyForcibly();
    }

    @Test
    void anAgentThatCallsExitAndEndsSoonIsToldWithItsCode() throws Exception {
        assertThat(run("echo 'CWWKE0084I: stopping'; exit 7").ended()).succeedsWithin(PATIENCE).asString().contains("exit code 7");
    }

    @Test
    void whatTheServerSaidLastIsThereWhenItsEndIsTold() throws Exception {
        Liberty liberty = run("echo one; echo two >&2; exit 1");
        assertThat(liberty.ended()).succeedsWithin(PATIENCE);
        assertThat(liberty.lastLines()).contains("one", "two").last().asString().startsWith("supervisor: The agent's JVM has ended");
    }

    @Test
    void aServerThatHadMuchToSayIsHeardOutAlsoWhereReadingTakesItsTime() throws Exception {
        AtomicInteger read = new AtomicInteger();
        // Two milliseconds a line, as in a guest with little processor time: more than a second for all of them.
        log.listen(line -> {
            read.incrementAndGet();
            LockSupport.parkNanos(2_000_000);
        });
        Liberty liberty = run("i=0; while [ $i -lt 600 ]; do echo line $i; i=$((i+1)); done; echo famous last words; exit 1");
        assertThat(liberty.ended()).succeedsWithin(PATIENCE);
        assertThat(read).hasValueGreaterThanOrEqualTo(601);
        assertThat(log.tail(2)).first().isEqualTo("famous last words");
    }

    @Test
    void aServerIsReadyWhenItSaysSo() throws Exception {
        Liberty liberty = run("echo pid $$; echo '[AUDIT   ] CWWKF0011I: The agent server is ready'; exec sleep 60");
        liberty.awaitReady();
        assertThat(liberty.endedBecause()).isEmpty();
        liberty.requireAlive();
        process(log.tail(2).get(0)).destroyForcibly();
        assertThat(liberty.ended()).succeedsWithin(PATIENCE);
    }

    @Test
    void aServerThatEndsBeforeItIsReadyIsReportedWithItsLog() throws Exception {
        Liberty liberty = run("echo no port; exit 1");
        assertThatThrownBy(liberty::awaitReady).isInstanceOfSatisfying(GuestException.class, e -> {
            assertThat(e).hasMessageContaining("did not start").hasMessageContaining("exit code 1");
            assertThat(e.logLines()).contains("no port");
        });
    }
}
