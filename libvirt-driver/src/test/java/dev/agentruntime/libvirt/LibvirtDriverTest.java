package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.spi.AgentTemplate;
import dev.agentruntime.spi.DriverSettings;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibvirtDriverTest {

    private static final Logger LOG = Logger.getLogger("dev.agentruntime.libvirt");

    @TempDir
    Path folder;

    private FakeHost host;

    @BeforeEach
    void open() {
        host = new FakeHost(folder);
    }

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void itSaysWhatItRunsOn() {
        try (LibvirtDriver driver = host.driver()) {
            await().until(() -> driver.status().reachable());
            assertThat(driver.status().description()).contains("fake:///", "tcg: the configuration says so");
            assertThat(driver.status().imagePresent()).isTrue();
        }
    }

    @Test
    void closingEndsEveryVmAndLetsTheServerIdGo() {
        LibvirtDriver driver = host.driver();
        AgentTemplate template = driver.prepare(host.agent(), step -> { });
        template.start();
        template.makeAhead();
        assertThat(host.libvirt.domains()).hasSize(2);
        driver.close();
        assertThat(host.libvirt.domains()).isEmpty();
        assertThatThrownBy(template::start).isInstanceOf(HypervisorAwayException.class).hasMessageContaining("being closed");
        host.driver().close();
    }

    /** Neither a rung, nor the template, nor the host is at fault. */
    @Test
    void closingWhileAnAgentIsTriedIsNoFaultAndCostsNoTemplate() throws IOException {
        LibvirtDriver driver = host.driver();
        CompletableFuture<Void> held = new CompletableFuture<>();
        List<String> log = new CopyOnWriteArrayList<>();
        Handler handler = handler(log);
        LOG.addHandler(handler);
        try {
            CompletableFuture<AgentTemplate> preparing =
                    CompletableFuture.supplyAsync(() -> driver.prepare(host.agent(), step -> {
                        if (step.equals("trying a clone")) {
                            host.libvirt.guests().hold("begin", held);
                        }
                    }), host.executor);
            await().until(() -> host.libvirt.domains().entrySet().stream()
                    .anyMatch(vm -> vm.getKey().startsWith("agrt-b-s") && vm.getValue().guest().asked().contains("begin")));
            driver.close();
            held.complete(null);
            assertThat(preparing).failsWithin(Duration.ofSeconds(10)).withThrowableThat().havingCause()
                    .isInstanceOf(HypervisorAwayException.class).withMessageContaining("being closed");
            // The process of a fake VM is as free as that of the tests, which is told.
            assertThat(log).noneMatch(line -> line.matches("AGRT\\d{4}[WE].*") && !line.startsWith("AGRT1025W"));
            try (var templates = Files.list(host.directories.templates())) {
                assertThat(templates.filter(Files::isDirectory)).hasSize(2);
            }
        } finally {
            LOG.removeHandler(handler);
        }
    }

    private static Handler handler(List<String> lines) {
        return new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    @Test
    void closingWhileLibvirtdIsStoppedEndsTheVmsAllTheSame() {
        LibvirtDriver driver = host.driver();
        AgentTemplate template = driver.prepare(host.agent(), step -> { });
        Vm vm = template.start();
        FakeDomain domain = host.domain(vm.name());
        host.libvirt.stop();
        driver.close();
        assertThat(domain.alive()).isFalse();
        host.libvirt.goOn();
    }

    @Test
    void whatAnEarlierRunLeftIsReclaimedByTheNext() throws IOException {
        LibvirtDriver first = host.driver();
        Vm vm = first.prepare(host.agent(), step -> { }).start();
        first.close();
        Machine again = TestMachine.named(vm.name(), host.directories.state().resolve("run/b"));
        host.machines.create(TestMachine.host(), again);
        try (LibvirtDriver second = host.driver()) {
            assertThat(second.survey()).singleElement().satisfies(found -> assertThat(found.name()).isEqualTo(vm.name()));
            assertThat(second.reclaim(Set.of()).destroyed()).containsOnlyKeys(vm.name());
            assertThat(second.survey()).isEmpty();
        }
        try (var left = Files.list(host.directories.state().resolve("run/b"))) {
            assertThat(left.filter(file -> file.getFileName().toString().startsWith("agrt-"))).isEmpty();
        }
    }

    @Test
    void memoryIsMeasuredByAClock() {
        try (LibvirtDriver driver = host.driver()) {
            Vm vm = driver.prepare(host.agent(), step -> { }).start();
            await().atMost(Duration.ofSeconds(10)).until(() -> vm.read().memoryBytes() > 0);
        }
    }

    @Test
    void anImageThatIsMissingIsToldWhenAnAgentIsPrepared() throws IOException {
        Files.delete(host.image.resolve("initrd"));
        try (LibvirtDriver driver = host.driver()) {
            assertThatThrownBy(() -> driver.prepare(host.agent(), step -> { })).isInstanceOf(VmException.class).hasMessageContaining("initrd");
            await().until(() -> driver.status().reachable());
            assertThat(driver.status().imagePresent()).isFalse();
        }
    }

    @Test
    void preparingWhileLibvirtdIsAwayIsNoFaultOfTheAgents() {
        host.libvirt.kill();
        try (LibvirtDriver driver = host.driver()) {
            assertThatThrownBy(() -> driver.prepare(host.agent(), step -> { })).isInstanceOf(HypervisorAwayException.class);
            assertThatThrownBy(driver::survey).isInstanceOf(HypervisorAwayException.class);
            assertThatThrownBy(() -> driver.reclaim(Set.of())).isInstanceOf(HypervisorAwayException.class);
        }
    }

    @Test
    void aStateDirectoryThatCannotBeUsedIsNamed() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatIllegalArgumentException().isThrownBy(() -> new LibvirtDriver(new DriverSettings("b", FakeLibvirt.URI, "tcg", "auto", host.image, file, 10),
                host.libvirt, FakeHost.LIMITS, FakeHost.roomy(), host.libvirt)).withMessageContainingAll("stateDirectory", file.toString());
    }

    @Test
    void kvmThatIsDemandedAndNotOfferedIsTold() {
        try (LibvirtDriver driver = new LibvirtDriver(new DriverSettings("b", FakeLibvirt.URI, "kvm", "auto", host.image, host.directories.state(), 10),
                host.libvirt, FakeHost.LIMITS, FakeHost.roomy(), host.libvirt)) {
            await().until(() -> driver.status().description().contains("libvirt does not offer KVM"));
            assertThat(driver.status().reachable()).isFalse();
        }
    }

    @Test
    void whereLibvirtOffersNoKvmGuestsAreEmulatedAtOnceAndTheReasonIsSaid() {
        try (LibvirtDriver driver = new LibvirtDriver(new DriverSettings("b", FakeLibvirt.URI, "auto", "auto", host.image, host.directories.state(), 10),
                host.libvirt, FakeHost.LIMITS, FakeHost.roomy(), host.libvirt)) {
            await().until(() -> driver.status().reachable());
            assertThat(driver.status().description()).contains("tcg: libvirt does not offer KVM: ", "restart libvirtd");
            assertThat(host.directories.state().resolve("kvm-probe.properties")).doesNotExist();
        }
    }
}
