package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VerdictTest {

    @Test
    void theProbesWordsAreRead() {
        assertThat(Verdict.ofProbe("kvm")).isEqualTo(new Verdict(Acceleration.KVM, "kvm: a probe VM booted under it"));
        assertThat(Verdict.ofProbe("tcg: no /dev/kvm")).isEqualTo(new Verdict(Acceleration.TCG, "tcg: no /dev/kvm"));
    }

    @Test
    void whatTheProbeHasNotSaidIsNoKvm() {
        assertThat(Verdict.ofProbe("").acceleration()).isEqualTo(Acceleration.TCG);
        assertThat(Verdict.ofProbe("kvm is broken").acceleration()).isEqualTo(Acceleration.TCG);
    }
}
