package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostMemoryTest {

    private static final long MEBIBYTE = 1024 * 1024;

    @TempDir
    Path folder;

    @Test
    void whatFitsIsLetThrough() throws IOException {
        HostMemory memory = with("MemTotal: 16000000 kB", "MemAvailable:    1048576 kB");
        assertThatCode(() -> memory.requireRoom(2, 512 * MEBIBYTE)).doesNotThrowAnyException();
    }

    @Test
    void whatDoesNotFitIsRefusedWithFiguresAndAWayOut() throws IOException {
        HostMemory memory = with("MemTotal: 16000000 kB", "MemAvailable:    1048575 kB");
        assertThatThrownBy(() -> memory.requireRoom(2, 512 * MEBIBYTE)).isInstanceOf(NotTriedException.class)
                .hasMessageContaining("1023 MiB").hasMessageContaining("2 VMs of 512 MiB").hasMessageContaining("attribute memory");
    }

    @Test
    void aKernelThatDoesNotTellIsNamed() throws IOException {
        HostMemory memory = with("MemTotal: 16000000 kB");
        assertThatThrownBy(() -> memory.requireRoom(1, MEBIBYTE)).isInstanceOf(VmException.class).hasMessageContaining("MemAvailable");
    }

    @Test
    void thisHostTells() {
        assertThatCode(() -> new HostMemory().requireRoom(1, 0)).doesNotThrowAnyException();
    }

    private HostMemory with(String... lines) throws IOException {
        Path meminfo = folder.resolve("meminfo");
        Files.write(meminfo, List.of(lines));
        return new HostMemory(meminfo);
    }
}
