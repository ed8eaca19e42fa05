package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Target;
import dev.agentruntime.spi.AgentTemplate;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmDriver;
import dev.agentruntime.spi.VmDriverContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The contract of every driver, kept by the real driver over a libvirtd in memory. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FakeHostContractTest extends VmDriverContract {

    @TempDir
    static Path folder;

    private FakeHost host;
    private LibvirtDriver driver;
    private AgentTemplate template;

    @BeforeAll
    void prepare() {
        host = new FakeHost(folder);
        driver = host.driver();
        template = driver.prepare(host.agent(), step -> { });
    }

    @AfterAll
    void close() {
        template.close();
        driver.close();
        assertThat(host.libvirt.domains()).isEmpty();
        host.close();
    }

    @Override
    protected VmDriver driver() {
        return driver;
    }

    @Override
    protected AgentTemplate template() {
        return template;
    }

    @Override
    protected String dial(Vm vm, Target target, String text) throws Exception {
        try (GuestStream stream = new ChannelStream(host.domain(vm.name()).guest().openOut(target.name()))) {
            send(stream, text);
            stream.shutdownOutput();
            return drain(stream);
        } catch (IOException e) {
            return REFUSED;
        }
    }

    @Test
    void theAgentIsCloned() {
        assertThat(template.startMode()).isEqualTo(StartMode.CLONE);
    }
}
