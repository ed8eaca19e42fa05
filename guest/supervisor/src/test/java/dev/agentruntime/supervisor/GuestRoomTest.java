package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuestRoomTest {
    private static final long MIB = 1024 * 1024;

    @ParameterizedTest(name = "{0} MiB into {2} MiB of memory and {3} MiB of disk")
    @CsvSource({"1, 512, 300, 200, true", "200, 512, 300, 200, true", "201, 512, 300, 200, false", "137, 512, 200, 400, false", "136, 512, 200, 400, true",
            "0, 512, 64, 0, true", "1, 512, 10, 400, false"})
    void whatFitsIsTakenAndTheRestRefusedWithTheFigures(long war, long total, long available, long disk, boolean fits) {
        if (fits) {
            assertThatCode(() -> GuestRoom.require(war * MIB, "the WAR", total, available, disk)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> GuestRoom.require(war * MIB, "the WAR", total, available, disk)).isInstanceOf(GuestException.class)
                    .hasMessageContaining("the WAR would need " + war + " MiB, and there are " + Math.max(0, Math.min(available - 64, disk)) + " MiB left")
                    .hasMessageContaining("Raise `memory` of the agent to");
        }
    }

    @Test
    void theFigureThatIsNamedIsEnough() {
        assertThatThrownBy(() -> GuestRoom.require(600 * MIB, "the WAR", 512, 200, 200)).hasMessageContaining("to 1408m");
        // Half of what is added is disk: 200 + (1408 - 512) / 2 = 648.
        assertThatCode(() -> GuestRoom.require(600 * MIB, "the WAR", 1408, 200 + 896, 648)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"1000000, 0, true", "1000000, 1048575, true", "9000000, 1048576, false", "0, 0, false"})
    void aFileSystemThatIsFullIsToldAndOneThatHasNoLimitIsNot(long total, long usable, boolean full) {
        assertThat(GuestRoom.complaint(total, usable).isPresent()).isEqualTo(full);
        assertThat(GuestRoom.complaint(total, usable).orElse("is full raise `memory`")).contains("is full", "raise `memory`");
    }

    private GuestRoom room(Path folder) throws IOException {
        Path meminfo = Files.writeString(folder.resolve("meminfo"), "MemTotal:  524288 kB\nMemFree: 1 kB\nMemAvailable:  66560 kB\n");
        return new GuestRoom(meminfo, folder);
    }

    @Test
    void theFiguresComeFromTheKernel(@TempDir Path folder) throws Exception {
        assertThatCode(() -> room(folder).requireForWar(MIB)).doesNotThrowAnyException();
        assertThatThrownBy(() -> room(folder).requireForWar(2 * MIB)).hasMessageContaining("there are 1 MiB left");
    }

    @Test
    void librariesThatAreTakenOutOfTheWarCountOnceMore(@TempDir Path folder) throws Exception {
        Path war = Files.write(folder.resolve("agent.war"), new Compiled(folder).file("WEB-INF/lib/a.jar", new byte[2_000_000])
                .file("static/large", new byte[90_000_000]).war());
        assertThatThrownBy(() -> room(folder).requireForLibraries(war)).hasMessageContaining("libraries of the WAR").hasMessageContaining("would need 2 MiB");
        Path without = Files.write(folder.resolve("without.war"), new Compiled(folder).file("static/large", new byte[90_000_000]).war());
        assertThatCode(() -> room(folder).requireForLibraries(without)).doesNotThrowAnyException();
        Path none = Files.writeString(folder.resolve("no.war"), "no WAR");
        assertThatCode(() -> room(folder).requireForLibraries(none)).doesNotThrowAnyException();
    }
}
