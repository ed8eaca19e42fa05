package dev.agentruntime.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VmLimitsTest {

    private static VmLimits read(Map<String, Object> given) {
        return DriverSettings.read(Attributes.of("agentRuntime", given), "server1").limits();
    }

    @Test
    void unlessToldOtherwiseTheyAreTheUsualOnes() {
        assertThat(read(Map.of())).isEqualTo(VmLimits.USUAL).isEqualTo(new VmLimits(100, 150, 256 << 20, 256, 100));
    }

    @Test
    void eachCanBeSetAndIsLogged() {
        Attributes own = Attributes.of("agentRuntime", Map.of("vmCpuShare", 50, "vmCpuCeiling", "100", "vmMemoryOverhead", "1g", "vmTasks", 64, "vmIoShare", 10));
        DriverSettings settings = DriverSettings.read(own, "server1");
        assertThat(settings.limits()).isEqualTo(new VmLimits(50, 100, 1L << 30, 64, 10));
        Effective effective = new Effective();
        settings.describe(effective);
        assertThat(effective.text()).contains("vmCpuShare=50", "vmCpuCeiling=100", "vmMemoryOverhead=1024m", "vmTasks=64", "vmIoShare=10");
        assertThat(own.problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"vmCpuShare, 0, 1 to 10000", "vmCpuShare, 10001, 1 to 10000", "vmCpuCeiling, 9, 10 to 1000", "vmCpuCeiling, all, 10 to 1000",
        "vmMemoryOverhead, 63m, 64m to 65536m", "vmMemoryOverhead, 12, such as 768m", "vmTasks, 31, 32 to 100000", "vmIoShare, -1, 1 to 10000"})
    void whatCannotBeIsRefusedWithTheFixAndTheUsualIsTaken(String attribute, String value, String range) {
        Attributes own = Attributes.of("agentRuntime", Map.of(attribute, value));
        assertThat(DriverSettings.read(own, "server1").limits()).isEqualTo(VmLimits.USUAL);
        assertThat(own.problems()).singleElement().asString().contains(attribute, value, range);
    }
}
