package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.spi.VmException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.libvirt.Error.ErrorNumber;

/** Uses libvirt's own test driver, which needs no libvirtd. */
class LibvirtErrorsTest {

    private final Hypervisor hypervisor = new Hypervisor(List.of("test:///default"));

    @Test
    void anErrorNamesTheActionTheObjectAndLibvirtsReason() {
        assertThatThrownBy(() -> hypervisor.suspend("nobody")).isInstanceOf(VmException.class)
                .hasMessageContainingAll("Pausing the VM nobody failed", "Domain not found");
    }

    @Test
    void malformedXmlIsCalledOurBug() {
        assertThatThrownBy(() -> hypervisor.create("bad", "<domain", 0)).hasMessageContainingAll("Creating the VM bad", "bug in the driver");
    }

    @Test
    void anUnreachableHypervisorIsToldHowToStart() {
        assertThatThrownBy(() -> new Hypervisor(List.of("qemu+unix:///system?socket=/nowhere/sock")).version())
                .isInstanceOf(VmException.class).hasMessageContainingAll("qemu+unix", "libvirtd");
    }

    @Test
    void everyRefusalSaysWhoMayAndWhatElseToUse() {
        assertThat(LibvirtErrors.fix(ErrorNumber.VIR_ERR_AUTH_FAILED)).contains("as root", "qemu:///session");
    }

    @Test
    void aSlowCreateNamesItsUsualCause() {
        assertThat(LibvirtErrors.slowCreate(Duration.ofSeconds(31))).contains("31 s", "/dev/kvm", "restart libvirtd");
        assertThat(LibvirtErrors.slowCreate(Duration.ofSeconds(9))).isEmpty();
    }
}
