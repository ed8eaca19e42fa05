package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.spi.DriverSettings;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a libvirtd that offers no KVM. */
class HostInspectionTest {

    @TempDir
    Path folder;

    private final FakeLibvirt libvirt = new FakeLibvirt();
    private final Hypervisor hypervisor = libvirt.hypervisor(CallLimits.USUAL);
    private Path device;

    @BeforeEach
    void aHost() throws IOException {
        Files.writeString(folder.resolve("version"), "Linux version 6.1.0 (build 1)");
        Files.writeString(folder.resolve("cpuinfo"), "processor\t: 0\nmodel name\t: A\n\n");
        device = folder.resolve("kvm");
    }

    @AfterEach
    void close() {
        hypervisor.close();
        libvirt.close();
    }

    @Test
    void whereKvmsModuleIsNotLoadedTheReasonNamesAllThatHasToBeDoneThen() {
        assertThat(inspection("auto").profile().verdict().why()).isEqualTo("tcg: libvirt does not offer KVM: there is no " + device
                + "; load kvm_intel or kvm_amd, then restart libvirtd, and then this server");
    }

    @Test
    void whereLibvirtdCannotUseTheDeviceTheReasonNamesAllThatHasToBeDoneThen() throws IOException {
        Files.createFile(device);
        assertThat(inspection("auto").profile().verdict().why())
                .contains(device + " is there, but libvirtd cannot use it").endsWith("see to its rights, then restart libvirtd, and then this server");
    }

    @Test
    void aServerThatDemandsKvmLooksAgainByItself() {
        HostInspection demanding = inspection("kvm");
        assertThatThrownBy(demanding::profile).isInstanceOf(VmException.class)
                .hasMessageContaining("then restart libvirtd. It is looked at again every minute");
    }

    @Test
    void aServerThatIsToldToEmulateIsNotToldHowToHaveKvm() {
        assertThat(inspection("tcg").profile().verdict().why()).isEqualTo("tcg: the configuration says so");
    }

    private HostInspection inspection(String acceleration) {
        DriverSettings settings = new DriverSettings("a", FakeLibvirt.URI, acceleration, "auto", folder, folder, 10);
        HostFacts facts = new HostFacts(folder, folder, device);
        return new HostInspection(settings, hypervisor, Directories.of(folder, "a"), facts, new KvmProbe(folder, facts));
    }
}
