package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.channel.ServerEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastWordsTest {

    private static final String VM = "agrt-a-s1";

    @TempDir
    Path folder;

    private FakeHost host;
    private RunningMachine machine;
    private LastWords words;

    @BeforeEach
    void create() {
        host = new FakeHost(folder);
        machine = host.machines.create(TestMachine.host(), TestMachine.named(VM, host.directories.run()));
        words = new LastWords(machine);
    }

    @AfterEach
    void close() {
        host.close();
    }

    private void console(String text) throws IOException {
        Files.writeString(host.directories.files(VM).log(), text);
    }

    @Test
    void aVmThatWasKilledIsToldWithItsConsolesLastLine() throws IOException {
        console("one\ntwo\n");
        host.domain(VM).end();
        assertThat(words.ofTheVm("the socket was closed")).contains("QEMU process", "was killed", "last line: two");
        assertThat(words.tail(5)).containsExactly("one", "two");
    }

    @Test
    void aVmThatLivesBehindABrokenLinkIsToldSo() {
        assertThat(words.ofTheVm("no sign of life for 10 s")).contains("runs, but the channel to its guest broke: no sign of life for 10 s");
    }

    @Test
    void theServersEndIsTheGuestsSentenceCleanedAndCut() {
        ServerEnd end = new ServerEnd("exit code 3\nFORGED " + "x".repeat(5000), List.of("a\u001b[31m", "", "b\u0007c"));
        assertThat(words.ofTheServer(end)).startsWith("exit code 3 FORGED x").hasSize(GuestText.LONGEST).doesNotContain("\n");
        assertThat(words.tail(5)).containsExactly("a", "b c");
        assertThat(words.tail(1)).containsExactly("b c");
    }

    @Test
    void wordsAreKeptWhenTheConsoleGoesAndEarlierOnesStay() throws IOException {
        console("from the console\n");
        words.keep();
        console("");
        machine.destroy();
        assertThat(words.tail(5)).containsExactly("from the console");
        words.keep();
        assertThat(words.tail(5)).containsExactly("from the console");
    }

    @Test
    void whoHasSaidNothingHasNoLastWords() {
        words.keep();
        assertThat(words.tail(5)).isEmpty();
    }
}
