package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuModelTest {

    @ParameterizedTest
    @ValueSource(strings = {"host", "max", "EPYC-Rome", "host,-vmx", "Nehalem,-vmx,-pmu"})
    void itsTextIsReadBack(String text) {
        assertThat(CpuModel.parse(text).text()).isEqualTo(text);
    }

    @Test
    void theHostsOwnProcessorAndAllOfTheEmulatorsHaveModesOfTheirOwn() {
        assertThat(CpuModel.parse("host,-vmx").mode()).isEqualTo("host-passthrough");
        assertThat(CpuModel.MAXIMUM.mode()).isEqualTo("maximum");
        assertThat(CpuModel.parse("EPYC").mode()).isEqualTo("custom");
        assertThat(CpuModel.parse("EPYC").isNamed()).isTrue();
        assertThat(CpuModel.parse("host").isNamed()).isFalse();
    }

    @Test
    void performanceCountersAreNoFeatureOfTheProcessor() {
        CpuModel model = CpuModel.parse("host,-vmx,-pmu");
        assertThat(model.hasCounters()).isFalse();
        assertThat(model.featuresWithout()).containsExactly("vmx");
        assertThat(CpuModel.parse("host,-vmx").hasCounters()).isTrue();
    }
}
