package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictTest {

    @Test
    void theProbesWordsAreReadWithTheProcessorThatItFound() {
        Verdict verdict = Verdict.ofProbe("kvm host,-arch-capabilities: a probe VM booted under it in 1 s");
        assertThat(verdict.acceleration()).isEqualTo(Acceleration.KVM);
        assertThat(verdict.cpu()).isEqualTo(new CpuModel("host", List.of("arch-capabilities")));
        assertThat(verdict.why()).isEqualTo("kvm: a probe VM booted under it in 1 s, CPU model host,-arch-capabilities");
        assertThat(Verdict.ofProbe("tcg: no /dev/kvm")).isEqualTo(new Verdict(Acceleration.TCG, CpuModel.MAXIMUM, "tcg: no /dev/kvm"));
        assertThat(Verdict.ofProbe("tcg: no /dev/kvm").reason()).isEqualTo("no /dev/kvm");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "kvm", "kvm is broken", "kvm: why", "kvm host:", "KVM host: why"})
    void whatTheProbeHasNotSaidIsNoKvm(String line) {
        assertThat(Verdict.ofProbe(line).acceleration()).isEqualTo(Acceleration.TCG);
        assertThat(Verdict.ofProbe(line).why()).startsWith("tcg: ").contains("'" + line + "'");
    }
}
