package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.spi.VmException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {

    private static final String HOST = "<host><cpu><arch>x86_64</arch></cpu>"
            + "<secmodel><model>apparmor</model><baselabel type='kvm'>x</baselabel></secmodel>"
            + "<secmodel><model>dac</model><baselabel type='kvm'>+64055:+107</baselabel></secmodel></host>";

    @Test
    void theVersionedMachineTheEmulatorAndItsUserAreFound() {
        Capabilities capabilities = Capabilities.parse("<capabilities>" + HOST
                + guest("i686", "/usr/bin/qemu-system-i386", "pc-q35-6.0") + guest("x86_64", "/usr/bin/qemu-system-x86_64", "pc-q35-7.2")
                + "</capabilities>");
        assertThat(capabilities.emulator()).isEqualTo(Path.of("/usr/bin/qemu-system-x86_64"));
        assertThat(capabilities.machineType()).isEqualTo("pc-q35-7.2");
        assertThat(capabilities.domainTypes()).containsExactlyInAnyOrder("qemu", "kvm");
        assertThat(capabilities.dacUser()).contains(new QemuUser(64055, 107));
    }

    @Test
    void aHostWithoutQemuIsToldWhatToInstall() {
        assertThatThrownBy(() -> Capabilities.parse("<capabilities>" + HOST + "</capabilities>"))
                .isInstanceOf(VmException.class).hasMessageContaining("qemu-system-x86");
    }

    @Test
    void withoutARuleOfItsOwnQemuRunsAsLibvirtdDoes() {
        assertThat(Capabilities.parse("<capabilities><host><secmodel><model>none</model></secmodel></host>"
                + guest("x86_64", "/q", "pc-q35-9.0") + "</capabilities>").dacUser()).isEmpty();
    }

    @Test
    void aQemuForAnotherProcessorAloneIsNone() {
        assertThatThrownBy(() -> Capabilities.parse("<capabilities>" + HOST + guest("aarch64", "/q", "virt-7.2") + "</capabilities>"))
                .isInstanceOf(VmException.class).hasMessageContaining("knows no QEMU for x86_64");
    }

    @Test
    void entitiesAreNotFollowed() {
        assertThatThrownBy(() -> Capabilities.parse("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><capabilities>&b;</capabilities>"))
                .isInstanceOf(VmException.class);
    }

    @Test
    void whatIsNoXmlIsToldWithWhatToReport() {
        assertThatThrownBy(() -> Capabilities.parse("<capabilities>")).isInstanceOf(VmException.class).hasMessageContaining("libvirt's version");
    }

    private static String guest(String arch, String emulator, String machine) {
        return "<guest><os_type>hvm</os_type><arch name='" + arch + "'><emulator>" + emulator + "</emulator>"
                + "<machine maxCpus='288'>" + machine + "</machine><machine canonical='" + machine + "'>q35</machine>"
                + "<machine canonical='pc-i440fx-7.2'>pc</machine><domain type='qemu'/><domain type='kvm'/></arch></guest>";
    }
}
