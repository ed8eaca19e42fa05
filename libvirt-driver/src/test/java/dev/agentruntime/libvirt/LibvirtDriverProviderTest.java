package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentruntime.spi.DriverSettings;
import dev.agentruntime.spi.VmDriver;
import java.io.IOException;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LibvirtDriverProviderTest {

    @TempDir
    Path state;

    @Test
    void wrongSettingsAreNamed() {
        assertThatIllegalArgumentException().isThrownBy(() -> open("Wrong!", "auto", "auto", state)).withMessageContaining("serverId 'Wrong!'");
        assertThatIllegalArgumentException().isThrownBy(() -> open("a", "qemu", "auto", state)).withMessageContaining("hypervisor 'qemu'");
        assertThatIllegalArgumentException().isThrownBy(() -> open("a", "auto", "fast", state)).withMessageContaining("acceleration 'fast'");
        assertThatIllegalArgumentException().isThrownBy(() -> open("a", "auto", "auto", state.resolve("x".repeat(100)))).withMessageContaining("stateDirectory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"qemu+ssh://host/system", "qemu+tcp://10.0.0.1/system", "qemu+tls://host/system", "qemu://host/system",
        "qemu+ssh:///system", "qemu+libssh2://host/session", "xen:///system", "lxc:///", "QEMU:///system", ""})
    void aHypervisorOnAnotherMachineOrOfAnotherKindIsRefusedWithASentence(String uri) {
        assertThatIllegalArgumentException().isThrownBy(() -> open("a", uri, "auto", state))
                .withMessageContainingAll("hypervisor '" + uri + "'", "qemu:///system", "on this machine");
    }

    @Test
    void oneServerIdIsUsedByOneServerAtATime() throws IOException {
        try (VmDriver first = open("a", "test:///default", "auto", state)) {
            assertThatIllegalArgumentException().isThrownBy(() -> open("a", "test:///default", "auto", state)).withMessageContaining("in use");
            assertThat(AnotherServer.couldLock(state.resolve("run/a/server.lock"))).as("after the second was refused").isFalse();
            open("b", "test:///default", "auto", state).close();
        }
        open("a", "test:///default", "auto", state).close();
    }

    @Test
    void aHypervisorThatDoesNotAnswerIsSaidSoAndOpensAllTheSame() {
        try (VmDriver driver = open("a", "qemu+unix:///system?socket=/nowhere", "auto", state)) {
            Awaitility.await().untilAsserted(() -> assertThat(driver.status().description()).contains("libvirtd"));
            assertThat(driver.status().reachable()).isFalse();
            assertThat(driver.status().imagePresent()).isFalse();
        }
    }

    private VmDriver open(String serverId, String hypervisor, String acceleration, Path directory) {
        return new LibvirtDriverProvider().open(new DriverSettings(serverId, hypervisor, acceleration, "auto", state.resolve("no-image"), directory, 10));
    }
}
