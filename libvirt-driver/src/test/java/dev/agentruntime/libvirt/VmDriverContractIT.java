package dev.agentruntime.libvirt;

import dev.agentruntime.spi.AgentTemplate;
import dev.agentruntime.spi.VmDriver;
import dev.agentruntime.spi.VmDriverContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** The contract of every driver, kept on real VMs, with -Dvm=true. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class VmDriverContractIT extends VmDriverContract {

    private final RealHost host = new RealHost();
    private AgentTemplate template;

    @BeforeAll
    void prepare() throws Exception {
        template = host.prepare("contract");
    }

    @AfterAll
    void close() {
        template.close();
        host.close();
    }

    @Override
    protected VmDriver driver() {
        return host.driver();
    }

    @Override
    protected AgentTemplate template() {
        return template;
    }
}
