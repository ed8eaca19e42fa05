package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.channel.HostLink;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostLinksTest {

    private static final String VM = "agrt-a-s1";

    @TempDir
    Path folder;

    private FakeHost host;

    @BeforeEach
    void open() {
        host = new FakeHost(folder);
    }

    @AfterEach
    void close() {
        host.close();
    }

    /** One that waits for its state, so its guest does not answer. */
    private RunningMachine silent() {
        return host.machines.create(TestMachine.host(), host.machines.describe(host.plan, VM, new Machine.Ram.Private(folder.resolve("ram"))));
    }

    private void console(String text) throws IOException {
        Files.writeString(host.directories.files(VM).log(), text);
    }

    @Test
    void aGuestThatAnswersIsLinked() {
        RunningMachine machine = host.machines.create(TestMachine.host(), TestMachine.named(VM, host.directories.run()));
        try (HostLink link = host.links.connect(machine, Duration.ofSeconds(10))) {
            new GuestControl(link, VM).quiesce();
        }
        assertThat(host.domain(VM).guest().asked()).containsExactly("quiesce");
    }

    @Test
    void aGuestThatDoesNotAnswerIsToldWithTheEndOfItsConsole() throws IOException {
        RunningMachine machine = silent();
        console("one\ntwo\u0007\nthree\nfour\nfive\n\u001b[31msix\n");
        assertThatThrownBy(() -> host.links.connect(machine, Duration.ofSeconds(1))).isInstanceOf(VmException.class)
                .hasMessageContainingAll(VM, "did not answer within 1 s", "its console ends: two | three | four | five | six");
    }

    @Test
    void aSilentGuestWithoutAWordIsToldSo() {
        RunningMachine machine = silent();
        assertThatThrownBy(() -> host.links.connect(machine, Duration.ofMillis(300))).isInstanceOf(VmException.class)
                .hasMessageContaining("its console is empty");
    }

    @Test
    void aConsoleOfEndlessLinesIsCut() throws IOException {
        RunningMachine machine = silent();
        console(("x".repeat(20_000) + "\n").repeat(5));
        assertThatThrownBy(() -> host.links.connect(machine, Duration.ofMillis(300))).isInstanceOf(VmException.class)
                .satisfies(failure -> assertThat(failure.getMessage()).hasSizeLessThan(GuestText.LONGEST + 500));
    }

    @Test
    void aProcessThatEndsIsNotWaitedForToTheLimit() {
        RunningMachine machine = silent();
        host.domain(VM).end();
        long begun = System.nanoTime();
        assertThatThrownBy(() -> host.links.connect(machine, Duration.ofMinutes(2))).isInstanceOf(VmException.class).hasMessageContaining("ended");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
    }
}
