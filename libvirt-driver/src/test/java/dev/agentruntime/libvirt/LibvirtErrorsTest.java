package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.VmException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.libvirt.Error.ErrorDomain;
import org.libvirt.Error.ErrorNumber;
import org.libvirt.Faults;

/** Uses libvirt's own test driver, which needs no libvirtd. */
class LibvirtErrorsTest {

    private static final CallLimits SHORT = new CallLimits(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMillis(100));
    private final Hypervisor hypervisor = new Hypervisor(List.of("test:///default"));

    @Test
    void anErrorNamesTheActionTheObjectAndLibvirtsReason() {
        VmException failure = LibvirtErrors.explain("Measuring", "the VM nobody",
                Faults.of(ErrorNumber.VIR_ERR_NO_DOMAIN, ErrorDomain.VIR_FROM_QEMU, "Domain not found."));
        assertThat(failure).hasMessage("Measuring the VM nobody failed: Domain not found");
    }

    @Test
    void malformedXmlIsCalledOurBug() {
        assertThatThrownBy(() -> hypervisor.create(TestMachine.named("bad", Path.of("/r")), "<domain", 0)).hasMessageContainingAll("Creating the VM bad", "bug in the driver");
    }

    @Test
    void anUnreachableHypervisorIsToldHowToStart() {
        assertThatThrownBy(() -> new Hypervisor(List.of("qemu+unix:///system?socket=/nowhere/sock"), NativeConnection::open, SHORT).version())
                .isInstanceOf(VmException.class).hasMessageContainingAll("qemu+unix", "libvirtd");
    }

    @Test
    void whatMayPassIsNotFinalAndWhatWillNotIs() {
        for (ErrorNumber passing : List.of(ErrorNumber.VIR_ERR_NO_CONNECT, ErrorNumber.VIR_ERR_RPC, ErrorNumber.VIR_ERR_OPERATION_TIMEOUT,
                ErrorNumber.VIR_ERR_RESOURCE_BUSY)) {
            assertThat(explained(passing)).as(passing.name()).isInstanceOf(HypervisorAwayException.class);
        }
        for (ErrorNumber lasting : List.of(ErrorNumber.VIR_ERR_INTERNAL_ERROR, ErrorNumber.VIR_ERR_AUTH_FAILED, ErrorNumber.VIR_ERR_NO_DOMAIN,
                ErrorNumber.VIR_ERR_CONFIG_UNSUPPORTED)) {
            assertThat(explained(lasting)).as(lasting.name()).isExactlyInstanceOf(VmException.class);
        }
    }

    private static VmException explained(ErrorNumber code) {
        return LibvirtErrors.explain("Pausing", "the VM a", Faults.of(code, ErrorDomain.VIR_FROM_QEMU, "so it is"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"process exited while connecting to monitor: qemu-system-x86_64: -chardev socket,id=monitor-of-ours: Failed to bind socket to"
            + " '/var/lib/agent-runtime/run/a/b.monitor': Permission denied",
            "can't open backing store /var/lib/agent-runtime/templates/c/ram for guest RAM: Permission denied"})
    void aConfinedQemuIsToldWithWhereTheRulesAre(String said) {
        assertThat(LibvirtErrors.explain("Creating", "the VM a", Faults.of(ErrorNumber.VIR_ERR_INTERNAL_ERROR, ErrorDomain.VIR_FROM_QEMU, said)))
                .hasMessageContainingAll("Creating the VM a failed", "AppArmor or SELinux", "docs/host-setup.md");
    }

    @Test
    void memoryThatTheKernelRefusesIsFoundInAnyWords() {
        assertThat(LibvirtErrors.noMemory(Faults.of(ErrorNumber.VIR_ERR_INTERNAL_ERROR, ErrorDomain.VIR_FROM_QEMU,
                "process exited while connecting to monitor: cannot set up guest memory 'template': Cannot allocate memory"))).isTrue();
        assertThat(LibvirtErrors.noMemory(Faults.of(ErrorNumber.VIR_ERR_NO_MEMORY, ErrorDomain.VIR_FROM_QEMU, "out of memory"))).isTrue();
        assertThat(LibvirtErrors.noMemory(Faults.connectionLost())).isFalse();
    }

    @Test
    void everyRefusalSaysWhoMayAndWhatElseToUse() {
        assertThat(LibvirtErrors.fix(ErrorNumber.VIR_ERR_AUTH_FAILED)).contains("as root", "qemu:///session");
    }

    @Test
    void aSlowCreateNamesItsUsualCauseUnderEmulation() {
        assertThat(LibvirtErrors.slowCreate(Duration.ofSeconds(31), Acceleration.TCG)).contains("31 s", "Hide /dev/kvm", "restart libvirtd");
    }

    @Test
    void aSlowCreateDoesNotAdviseToHideAKvmThatRunsGuests() {
        assertThat(LibvirtErrors.slowCreate(Duration.ofSeconds(31), Acceleration.KVM)).contains("31 s", "overloaded", "AppArmor", "restart libvirtd")
                .doesNotContain("/dev/kvm", "Hide", "libvirtd-tcg.sh");
    }

    @ParameterizedTest
    @EnumSource(Acceleration.class)
    void aQuickCreateIsNotSpokenOf(Acceleration acceleration) {
        assertThat(LibvirtErrors.slowCreate(Duration.ofSeconds(9), acceleration)).isEmpty();
    }
}
