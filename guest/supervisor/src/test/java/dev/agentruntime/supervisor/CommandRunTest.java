package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.channel.MuxStream;
import dev.agentruntime.channel.Targets;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CommandRunTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private LinkPair links;

    /** All that came of a command. */
    private record Said(String output, String errors, String end) {}

    @BeforeEach
    void start() throws IOException {
        links = new LinkPair(folder, (stream, target) -> new CommandRun(links.threads, () -> Map.of("OF_SESSION", "its value")).serve(stream));
    }

    @AfterEach
    void stop() {
        links.close();
    }

    private MuxStream begin(String command, long limitMillis) throws IOException {
        byte[] bytes = command.getBytes(StandardCharsets.UTF_8);
        MuxStream stream = links.host().open(Targets.COMMAND);
        stream.output().write((limitMillis + " " + bytes.length + "\n").getBytes(StandardCharsets.US_ASCII));
        stream.output().write(bytes);
        return stream;
    }

    private Said run(String command, long limitMillis) throws IOException {
        try (MuxStream stream = begin(command, limitMillis)) {
            DataInputStream in = new DataInputStream(stream.input(Duration.ofSeconds(30)));
            StringBuilder output = new StringBuilder();
            StringBuilder errors = new StringBuilder();
            Optional<String> end = Optional.empty();
            while (end.isEmpty()) {
                int what = in.readUnsignedByte();
                String text = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
                switch (what) {
                    case 1 -> output.append(text);
                    case 2 -> errors.append(text);
                    default -> end = Optional.of(text);
                }
            }
            return new Said(output.toString(), errors.toString(), end.get());
        }
    }

    @Test
    void outputErrorsAndExitCodeCome() throws IOException {
        assertThat(run("echo grüß; echo oh >&2; exit 7", 10_000)).isEqualTo(new Said("grüß\n", "oh\n", "exit 7"));
    }

    @Test
    void aCommandHasTheVariablesOfItsSessionAndNoInput() throws IOException {
        assertThat(run("echo $OF_SESSION; cat", 10_000)).isEqualTo(new Said("its value\n", "", "exit 0"));
    }

    @ParameterizedTest
    @CsvSource({"sleep 60, ''", "'sleep 61 & sleep 62 & wait', ''", "'(sleep 63 & sleep 64) & echo on; wait', 'on\n'",
        "'(setsid sleep 65 > /dev/null 2>&1 &); sleep 60', ''"})
    void whatTakesTooLongIsKilledWithAllThatItHasStarted(String command, String output) throws IOException {
        long begun = System.nanoTime();
        Said said = run(command, 500);
        assertThat(said.end()).isEqualTo("timeout 137");
        assertThat(said.output()).isEqualTo(output.replace("\\n", "\n"));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        for (String number : new String[] {"60", "61", "62", "63", "64", "65"}) {
            await().atMost(SOON).until(() -> ProcessHandle.allProcesses().filter(ProcessHandle::isAlive)
                    .noneMatch(process -> process.info().commandLine().orElse("").endsWith("sleep " + number)));
        }
    }

    @Test
    void aCommandThatIgnoresSignalsIsKilledToo() throws IOException {
        assertThat(run("trap '' TERM INT HUP; while :; do sleep 1; done", 500).end()).isEqualTo("timeout 137");
    }

    @Test
    void aHostThatLeavesEndsTheCommand() throws IOException {
        Path file = folder.resolve("pid");
        MuxStream stream = begin("echo $$ > " + file + "; sleep 300", 600_000);
        await().atMost(SOON).until(() -> Files.exists(file) && Files.readString(file).endsWith("\n"));
        ProcessHandle process = ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).orElseThrow();
        assertThat(process.isAlive()).isTrue();
        stream.close();
        await().atMost(SOON).until(() -> !process.isAlive());
    }

    @Test
    void aSlowHostGetsAllOfALongOutput() throws IOException {
        try (MuxStream stream = begin("head -c 3000000 /dev/zero", 60_000)) {
            DataInputStream in = new DataInputStream(stream.input(Duration.ofSeconds(30)));
            await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
            long bytes = 0;
            int what = in.readUnsignedByte();
            while (what == 1) {
                bytes += in.readNBytes(in.readInt()).length;
                what = in.readUnsignedByte();
            }
            assertThat(bytes).isEqualTo(3_000_000);
            assertThat(new String(in.readNBytes(in.readInt()), StandardCharsets.US_ASCII)).isEqualTo("exit 0");
        }
    }

    @Test
    void whatACommandLeavesBehindDoesNotHoldItUpAndGoesOn() throws IOException {
        Said said = run("sleep 20 & echo $!", 60_000);
        assertThat(said.end()).isEqualTo("exit 0");
        ProcessHandle left = ProcessHandle.of(Long.parseLong(said.output().strip())).orElseThrow();
        assertThat(left.isAlive()).isTrue();
        left.destroyForcibly();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\n", "5\n", "5 999999999\n", "5 -1\n", "5 three\nabc", "12345678901234567890123456789012345"})
    void aHostThatSaysNoCommandIsRefused(String request) throws IOException {
        MuxStream stream = links.host().open(Targets.COMMAND);
        stream.output().write(request.getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> stream.input(Duration.ofSeconds(10)).readNBytes(1)).isInstanceOf(IOException.class);
    }
}
