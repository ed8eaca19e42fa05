package dev.agentruntime.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DriverSettingsTest {

    @Test
    void memoryIsPromisedTenTimesOverUnlessToldOtherwise() {
        assertThat(overcommit(attributes(Map.of()))).isEqualTo(10);
        assertThat(overcommit(attributes(Map.of("memoryOvercommit", 1)))).isEqualTo(1);
        assertThat(overcommit(attributes(Map.of("memoryOvercommit", "100")))).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "101", "1.5", "many", "99999999999"})
    void anOvercommitThatPromisesLessThanThereIsOrNoNumberIsRefusedWithTheFix(String value) {
        Attributes own = attributes(Map.of("memoryOvercommit", value));
        assertThat(overcommit(own)).isEqualTo(10);
        assertThat(own.problems()).singleElement().asString().contains("memoryOvercommit", value, "1 to 100", "default of 10");
    }

    @Test
    void itIsAmongTheSettingsThatAreLoggedAndThatNeedARestart() {
        Effective effective = new Effective();
        DriverSettings.read(attributes(Map.of("memoryOvercommit", 3)), "server1").describe(effective);
        assertThat(effective.text()).contains("memoryOvercommit=3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "host", "host,-arch-capabilities", "host,-vmx,-tsc_adjust,-pmu", "Skylake-Client-noTSX-IBRS", "EPYC,-svm", "Nehalem"})
    void aProcessorModelIsANameAndWhatToLeaveOutOfIt(String value) {
        Attributes own = attributes(Map.of("cpuModel", value));
        Effective effective = new Effective();
        DriverSettings settings = DriverSettings.read(own, "server1");
        settings.describe(effective);
        assertThat(settings.cpuModel()).isEqualTo(value);
        assertThat(effective.text()).contains("cpuModel=" + value);
        assertThat(own.problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"host,vmx", "host,+vmx", "host, -vmx", "host,", ",-vmx", "-vmx", "host,-", "host;reboot", "host -accel tcg", "host,pmu=off", "a\nb"})
    void whatIsNoProcessorModelIsRefusedWithTheFix(String value) {
        Attributes own = attributes(Map.of("cpuModel", value));
        assertThat(DriverSettings.read(own, "server1").cpuModel()).isEqualTo("auto");
        assertThat(own.problems()).singleElement().asString().contains("cpuModel", value, "host,-arch-capabilities", "default of auto");
    }

    private static Attributes attributes(Map<String, Object> given) {
        return Attributes.of("agentRuntime", given);
    }

    private static int overcommit(Attributes own) {
        return DriverSettings.read(own, "server1").memoryOvercommit();
    }
}
