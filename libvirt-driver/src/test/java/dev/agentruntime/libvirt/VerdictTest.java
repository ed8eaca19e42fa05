package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictTest {

    @Test
    void theProbesWordsAreReadWithTheProcessorThatItFound() {
        Verdict verdict = Verdict.ofProbe("kvm host,-arch-capabilities 1: a probe VM booted under it in 1 s");
        assertThat(verdict.acceleration()).isEqualTo(Acceleration.KVM);
        assertThat(verdict.cpu()).isEqualTo(new CpuModel("host", List.of("arch-capabilities")));
        assertThat(verdict.why()).isEqualTo("kvm: a probe VM booted under it in 1 s, CPU model host,-arch-capabilities");
        assertThat(Verdict.ofProbe("tcg: no /dev/kvm")).isEqualTo(new Verdict(Acceleration.TCG, CpuModel.MAXIMUM, Duration.ZERO, "tcg: no /dev/kvm"));
        assertThat(Verdict.ofProbe("tcg: no /dev/kvm").reason()).isEqualTo("no /dev/kvm");
    }

    @Test
    void aKvmInWhichAKernelBootsSlowlyIsGivenTheTimeThatEmulationIs() {
        GuestPlan quick = plan(Verdict.ofProbe("kvm host 1: a test"));
        GuestPlan slow = plan(Verdict.ofProbe("kvm host 8: a test"));
        GuestPlan emulated = plan(Verdict.tcg("a test"));
        assertThat(quick.bootLimit()).isLessThan(slow.bootLimit());
        assertThat(quick.deployLimit()).isLessThan(slow.deployLimit());
        assertThat(slow.bootLimit()).isEqualTo(emulated.bootLimit());
        assertThat(slow.deployLimit()).isEqualTo(emulated.deployLimit());
    }

    private static GuestPlan plan(Verdict verdict) {
        HostProfile host = TestMachine.host();
        return new GuestPlan(new HostProfile(host.emulator(), host.emulatorStamp(), host.machineType(), verdict, host.cpu(), host.qemuUser()),
                new GuestImage("abcdef12", Path.of("/i/vmlinuz"), Path.of("/i/initrd"), Path.of("/i/rehearsal.war")), TestMachine.MEMORY, 1, false, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "kvm", "kvm is broken", "kvm: why", "kvm host:", "kvm host: why", "kvm host 1:", "kvm host -1: why", "kvm host 99999999999999999999: why", "KVM host 1: why"})
    void whatTheProbeHasNotSaidIsNoKvm(String line) {
        assertThat(Verdict.ofProbe(line).acceleration()).isEqualTo(Acceleration.TCG);
        assertThat(Verdict.ofProbe(line).why()).startsWith("tcg: ").contains("'" + line + "'");
    }
}
