package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VirtioPortTest {
    @TempDir
    Path ports;

    @Test
    void thePortIsFoundByItsName() throws IOException {
        port("vport0p1", "other");
        port("vport1p1", "agent");
        assertThat(VirtioPort.find(ports, "agent")).isEqualTo(Path.of("/dev/vport1p1"));
    }

    @Test
    void aMissingPortIsNamedWithThoseThatAreThere() throws IOException {
        port("vport0p1", "other");
        assertThatThrownBy(() -> VirtioPort.find(ports, "agent")).isInstanceOf(GuestException.class)
                .hasMessageContaining("'agent'").hasMessageContaining("vport0p1=other");
    }

    private void port(String device, String name) throws IOException {
        Files.writeString(Files.createDirectory(ports.resolve(device)).resolve("name"), name + "\n");
    }
}
