package dev.agentruntime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class HardwareTest {

    private static final String PORT = "{\"driver\":\"virtserialport\",\"chardev\":\"charchannel0\",\"name\":\"agent\"}";

    @Test
    void theMachineIsTakenOverAndWhatIsTheSessionsOwnIsNot() {
        Hardware hardware = Hardware.of(List.of("/usr/bin/qemu", "-name", "guest=a,debug-threads=on", "-S",
                "-machine", "pc-q35-7.2,usb=off,memory-backend=pc.ram", "-accel", "tcg,tb-size=128", "-cpu", "max", "-m", "1024",
                "-object", "{\"id\":\"pc.ram\"}", "-smp", "1,sockets=1", "-nodefaults",
                "-chardev", "socket,id=charchannel0,fd=48", "-kernel", "/i/vmlinuz", "-initrd", "/i/initrd", "-append", "quiet x=1",
                "-device", PORT, "-machine", "memory-backend=template", "-incoming", "defer"));
        assertThat(hardware).isEqualTo(new Hardware("/usr/bin/qemu",
                List.of("-machine", "pc-q35-7.2,usb=off", "-accel", "tcg,tb-size=128", "-cpu", "max", "-m", "1024",
                        "-smp", "1,sockets=1", "-nodefaults", "-device", PORT),
                Path.of("/i/vmlinuz"), Path.of("/i/initrd"), "quiet x=1"));
    }

    @Test
    void aCommandLineThatBootsNothingIsRefused() {
        assertThatThrownBy(() -> Hardware.of(List.of("qemu", "-machine", "q35"))).hasMessageContaining("lacks -kernel");
    }
}
