package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.agentruntime.libvirt.HostMemory.Promised;
import dev.agentruntime.spi.DriverSettings;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostMemoryTest {

    private static final long MEBIBYTE = 1L << 20;
    private static final long GIBIBYTE = 1L << 30;

    @TempDir
    Path folder;

    @Test
    void whatFitsIsLetThrough() throws IOException {
        HostMemory memory = with(1, 1024);
        assertThatCode(() -> memory.requireRoom(2, 512 * MEBIBYTE, Promised.NOTHING)).doesNotThrowAnyException();
    }

    @Test
    void whatDoesNotFitIsRefusedWithFiguresAndAWayOut() throws IOException {
        HostMemory memory = with(1, 1023);
        NoRoomException refusal = catchThrowableOfType(NoRoomException.class, () -> memory.requireRoom(2, 512 * MEBIBYTE, Promised.NOTHING));
        assertThat(refusal).hasMessageContaining("1023 MiB").hasMessageContaining("2 VMs of 512 MiB").hasMessageContaining("attribute memory");
        assertThat(refusal.missingBytes()).isEqualTo(MEBIBYTE);
    }

    @Test
    void withoutOvercommitWhatLiveVmsMayStillTakeIsNotPromisedAgain() throws IOException {
        HostMemory memory = with(1, 4096);
        Promised three = new Promised(3 * GIBIBYTE, 300 * MEBIBYTE, 0);
        assertThatCode(() -> memory.requireRoom(1, GIBIBYTE, three)).doesNotThrowAnyException();
        Promised four = new Promised(4 * GIBIBYTE, 300 * MEBIBYTE, 0);
        NoRoomException refusal = catchThrowableOfType(NoRoomException.class, () -> memory.requireRoom(1, GIBIBYTE, four));
        assertThat(refusal).hasMessageContaining("promised 1 times over").hasMessageContaining("attribute memoryOvercommit").hasMessageContaining("4096 MiB");
        assertThat(refusal.missingBytes()).isEqualTo(GIBIBYTE - 300 * MEBIBYTE);
    }

    @Test
    void overcommitLetsInSoManyTimesAsMany() throws IOException {
        HostMemory memory = with(2, 4096);
        assertThatCode(() -> memory.requireRoom(1, GIBIBYTE, new Promised(7 * GIBIBYTE, 0, 0))).doesNotThrowAnyException();
        assertThatThrownBy(() -> memory.requireRoom(1, GIBIBYTE, new Promised(8 * GIBIBYTE, 0, 0))).isInstanceOf(NoRoomException.class);
    }

    @Test
    void memoryThatVmsHoldAlreadyIsKeptToTheirPromise() throws IOException {
        HostMemory memory = with(1, 1024);
        Promised fullyUsed = new Promised(20 * GIBIBYTE, 20 * GIBIBYTE, 0);
        assertThatCode(() -> memory.requireRoom(1, GIBIBYTE, fullyUsed)).doesNotThrowAnyException();
    }

    @Test
    void vmsThatAreBeingStartedDoNotAllCountOnTheSameMemory() throws IOException {
        HostMemory memory = with(1, 1536);
        assertThatCode(() -> memory.requireRoom(1, GIBIBYTE, Promised.NOTHING)).doesNotThrowAnyException();
        assertThatThrownBy(() -> memory.requireRoom(1, GIBIBYTE, new Promised(GIBIBYTE, 0, GIBIBYTE)))
                .isInstanceOf(NoRoomException.class).hasMessageContaining("512 MiB of memory available");
    }

    @Test
    void theUsualOvercommitLetsInWhatSmallClonesTakeOnAHostOf22GiB() throws IOException {
        HostMemory memory = with(DriverSettings.USUAL_OVERCOMMIT, 22 * 1024);
        long clone = 107 * MEBIBYTE;
        for (int clones = 0; clones < 190; clones++) {
            Promised promised = new Promised(clones * GIBIBYTE, clones * clone, 0);
            long left = 22 * GIBIBYTE - clones * clone;
            HostMemory now = with(DriverSettings.USUAL_OVERCOMMIT, left / MEBIBYTE);
            assertThatCode(() -> now.requireRoom(1, GIBIBYTE, promised)).as("with %d clones", clones).doesNotThrowAnyException();
        }
        assertThatThrownBy(() -> memory.requireRoom(1, GIBIBYTE, new Promised(220 * GIBIBYTE, 0, 0))).isInstanceOf(NoRoomException.class);
    }

    @Test
    void aContainersLimitCountsWhereItIsTighter() throws IOException {
        Path root = Files.createDirectory(folder.resolve("cgroup"));
        Files.writeString(root.resolve("memory.max"), 2 * GIBIBYTE + "\n");
        Files.writeString(root.resolve("memory.current"), GIBIBYTE + 512 * MEBIBYTE + "\n");
        Files.writeString(root.resolve("memory.stat"), "anon 1\ninactive_file " + 128 * MEBIBYTE + "\nactive_file " + 128 * MEBIBYTE + "\n");
        MemoryLimit limit = new MemoryLimit(new ControlGroups(List.of(new ControlGroups.Hierarchy.Unified(root))));
        HostMemory memory = new HostMemory(meminfo(16 * 1024), limit, 1);
        assertThatCode(() -> memory.requireRoom(1, 768 * MEBIBYTE, Promised.NOTHING)).doesNotThrowAnyException();
        assertThatThrownBy(() -> memory.requireRoom(1, 769 * MEBIBYTE, Promised.NOTHING)).isInstanceOf(NoRoomException.class)
                .hasMessageContaining("768 MiB");
    }

    @Test
    void aKernelThatDoesNotTellIsNamed() throws IOException {
        Path silent = folder.resolve("silent");
        Files.writeString(silent, "MemTotal: 16000000 kB\n");
        HostMemory memory = new HostMemory(silent, unlimited(), 1);
        assertThatThrownBy(() -> memory.requireRoom(1, MEBIBYTE, Promised.NOTHING)).isInstanceOf(VmException.class).hasMessageContaining("MemAvailable");
    }

    @Test
    void thisHostTells() {
        assertThatCode(() -> HostMemory.ofThisHost(10).requireRoom(1, 0, Promised.NOTHING)).doesNotThrowAnyException();
    }

    private static MemoryLimit unlimited() {
        return new MemoryLimit(new ControlGroups(List.of()));
    }

    private HostMemory with(int overcommit, long availableMebibytes) throws IOException {
        return new HostMemory(meminfo(availableMebibytes), unlimited(), overcommit);
    }

    private Path meminfo(long availableMebibytes) throws IOException {
        return Files.writeString(folder.resolve("meminfo"), "MemTotal: 64000000 kB\nMemAvailable:  " + availableMebibytes * 1024 + " kB\n");
    }
}
