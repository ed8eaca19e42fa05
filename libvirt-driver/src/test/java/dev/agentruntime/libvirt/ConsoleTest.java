package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleTest {

    @TempDir
    Path directory;

    @Test
    void theTailIsTheLastLinesWithoutControlCharacters() throws Exception {
        Path log = Files.writeString(directory.resolve("log"), "one\r\n\u001b[31mtwo\u001b[0m\u0007\n\nthree\n");
        assertThat(new Console(log).tail(2)).containsExactly("two", "three");
    }

    @Test
    void ofAnEndlessLogOnlyTheEndIsRead() throws Exception {
        Path log = Files.writeString(directory.resolve("log"), "x".repeat(500_000) + "\nlast");
        assertThat(new Console(log).tail(1)).containsExactly("last");
    }

    @Test
    void aMissingLogHasNoLines() {
        assertThat(new Console(directory.resolve("none")).tail(5)).isEmpty();
    }

    @Test
    void anObituaryNamesTheCauseItCanSee() {
        Optional<QemuProcess> gone = Optional.of(new QemuProcess(999_999_999, "1"));
        assertThat(Obituary.of(gone, "end of file", List.of("Kernel panic - not syncing: out of memory"))).contains("999999999", "panicked");
        assertThat(Obituary.of(gone, "end of file", List.of("reboot: Power down"))).contains("shut itself down");
        assertThat(Obituary.of(gone, "end of file", List.of("hello"))).contains("killed", "hello");
    }

    @Test
    void aLivingProcessWithABrokenChannelIsSaidToLive() {
        QemuProcess self = new QemuProcess(ProcessHandle.current().pid(), startTick());
        assertThat(self.alive()).isTrue();
        assertThat(self.cpuNanos()).isPresent();
        assertThat(self.anonymousBytes()).isPresent();
        assertThat(Obituary.of(Optional.of(self), "an unknown frame", List.of())).contains("runs", "an unknown frame");
    }

    private static String startTick() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
