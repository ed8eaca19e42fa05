package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuestRoomTest {
    private static final long MIB = 1024 * 1024;

    @ParameterizedTest(name = "{0} MiB into {2} MiB of memory and {3} MiB of disk")
    @CsvSource({"1, 512, 300, 200, true", "100, 512, 300, 200, true", "101, 512, 300, 200, false", "100, 512, 200, 400, false", "68, 512, 200, 400, true",
            "0, 512, 64, 0, true", "1, 512, 10, 400, false"})
    void aWarFitsTwiceOrIsRefused(long war, long total, long available, long disk, boolean fits) {
        if (fits) {
            assertThatCode(() -> GuestRoom.require(war * MIB, total, available, disk)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> GuestRoom.require(war * MIB, total, available, disk)).isInstanceOf(GuestException.class)
                    .hasMessageContaining("The WAR of " + war + " MiB does not fit").hasMessageContaining("takes " + 2 * war + " MiB")
                    .hasMessageContaining("Raise `memory` of the agent to about");
        }
    }

    @Test
    void theFigureThatIsNamedIsEnough() {
        assertThatThrownBy(() -> GuestRoom.require(300 * MIB, 512, 200, 200)).hasMessageContaining("about 1408m");
        // Half of what is added is disk: 200 + (1408 - 512) / 2 = 648.
        assertThatCode(() -> GuestRoom.require(300 * MIB, 1408, 200 + 896, 648)).doesNotThrowAnyException();
    }

    @Test
    void theFiguresComeFromTheKernel(@TempDir Path folder) throws Exception {
        Path meminfo = Files.writeString(folder.resolve("meminfo"), "MemTotal:  524288 kB\nMemFree: 1 kB\nMemAvailable:  131072 kB\n");
        GuestRoom room = new GuestRoom(meminfo, folder);
        assertThatCode(() -> room.require(MIB)).doesNotThrowAnyException();
        assertThatThrownBy(() -> room.require(33 * MIB)).hasMessageContaining("has 64 MiB left");
    }
}
