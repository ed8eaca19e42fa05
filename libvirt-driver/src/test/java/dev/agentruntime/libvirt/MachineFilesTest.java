package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineFilesTest {

    @TempDir
    Path run;

    private MachineFiles files;

    @BeforeEach
    void name() {
        files = new MachineFiles(run, "agrt-a-s01");
    }

    @Test
    void eachFileIsNamedAfterItsVmAndNoTwoAreOne() {
        assertThat(Stream.of(files.socket(), files.monitor(), files.log(), files.stateSocket())).doesNotHaveDuplicates()
                .allSatisfy(file -> assertThat(file.getFileName().toString()).startsWith("agrt-a-s01.")).allMatch(file -> file.getParent().equals(run));
    }

    @Test
    void allThatAreThereAreDeletedAndThoseOfAnotherVmStay() throws IOException {
        Files.createFile(files.socket());
        Files.createFile(files.log());
        Files.createFile(run.resolve("agrt-a-s01.log.1"));
        Path others = Files.createFile(run.resolve("agrt-a-s012.log"));
        assertThat(files.present()).hasSize(3);
        files.delete();
        files.delete();
        assertThat(files.present()).isEmpty();
        assertThat(others).exists();
    }
}
