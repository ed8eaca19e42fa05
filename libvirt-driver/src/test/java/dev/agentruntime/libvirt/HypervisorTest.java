package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.spi.VmException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Uses libvirt's own test driver, which has one running domain named test. */
class HypervisorTest {

    private final Hypervisor hypervisor = new Hypervisor(List.of("test:///default"));

    @Test
    void domainsAreListedLookedAtMeasuredAndDestroyed() {
        assertThat(hypervisor.domainNames()).contains("test");
        assertThat(hypervisor.state("test")).contains(DomainHandle.State.RUNNING);
        assertThat(hypervisor.cpuNanos("test")).isPresent();
        assertThat(hypervisor.residentBytes("test")).isPresent();
        hypervisor.destroy("test");
        assertThat(hypervisor.domainNames()).doesNotContain("test");
    }

    @Test
    void destroyingWhatIsNotThereIsFine() {
        hypervisor.destroy("nobody");
        assertThat(hypervisor.cpuNanos("nobody")).isEmpty();
        assertThat(hypervisor.state("nobody")).isEmpty();
    }

    @Test
    void theFirstUriThatAnswersIsUsed() {
        try (Hypervisor two = new Hypervisor(List.of("qemu+unix:///system?socket=/nowhere/sock", "test:///default"))) {
            assertThat(two.uri()).isEqualTo("test:///default");
        }
    }

    @Test
    void aClosedHypervisorRefusesWork() {
        hypervisor.close();
        assertThatThrownBy(hypervisor::version).isInstanceOf(VmException.class).hasMessageContaining("closed");
    }

    @Test
    void aClosedConnectionRefusesWork() throws Exception {
        NativeConnection connection = NativeConnection.open("test:///default");
        connection.close();
        connection.close();
        assertThatIllegalStateException().isThrownBy(connection::version);
    }

    @Test
    void aReferenceToADomainIsOfNoUseAfterItsCall() throws Exception {
        AtomicReference<DomainHandle> kept = new AtomicReference<>();
        try (NativeConnection connection = NativeConnection.open("test:///default")) {
            connection.domain("test", domain -> {
                kept.set(domain);
                return domain.name();
            });
            assertThatIllegalStateException().isThrownBy(() -> kept.get().name());
        }
    }
}
